"""What pairing weighs, what counts as enough, and what a person asks for.

Every number here is judgment: no study says what makes two people get along. The parts are those
that people name themselves: the same group, something lived through in common, a language, not far
to go, time that both have, and that nobody waits too long.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated, Required, Self, TypeAlias, TypedDict, Unpack

from attrs import evolve, field, frozen

from mshg._checks import Broken, broken, enforce, instance, text
from mshg._conversions import to_float, to_optional_float, to_strings, to_tuple
from mshg._fields import Rule, Text, check, post_init, whole_within, within
from mshg._zones import zone_problems
from mshg.domain import Group, MeetingMode, Person, Substance, SupporterRole, Window, WindowLike
from mshg.domain.conversions import to_modes, to_substances, to_supporter_roles
from mshg.domain.supporters import half_placed, unplaced
from mshg.domain.windows import to_windows
from mshg.events import (
    Answer,
    Event,
    Party,
    SupporterAnswered,
    effective_events,
)

METHOD_VERSION = "pairing-1"
"""Changes whenever the same requests and supporters would get other pairs."""

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth, R1 of the GRS 80 ellipsoid (Moritz, Journal of Geodesy 74, 2000)."""

STEPS = 1_000_000
"""A liking of 1 in whole numbers. Likings are compared as whole millionths, so that what is equal
on paper is equal here, and ties are settled by waiting and not by the last bit of a sum."""

MOST_MINUTES = 7 * 24 * 60
HEAVIEST = 100
Weight: TypeAlias = Annotated[float, within(0, HEAVIEST)]
FIRST_FRIEND = (SupporterRole.FIRST_FRIEND,)


def opaque(self: object) -> str:
    """Stand in for a repr, alike for everyone."""
    return f"{type(self).__name__}(…)"


class Constraint(StrEnum):
    """What a pair must meet, in the order in which it is asked about."""

    LISTED = "listed"
    """There is such a supporter at all."""
    ROLE = "role"
    """They are what the person asks for: a first friend or a recovery coach."""
    CONSENT = "consent"
    """They agreed to be named to people, on or before the day."""
    PAUSE = "pause"
    """They are not taking a break."""
    GROUP = "group"
    """They go to a group that the person wants."""
    LANGUAGE = "language"
    """Both speak a language."""
    PERSONS_WISH = "persons_wish"
    """They are who the person wishes to go along with."""
    SUPPORTERS_WISH = "supporters_wish"
    """The person is among those whom they go along with."""
    NOT_WITH = "not_with"
    """Neither has said no to the other."""
    DISTANCE = "distance"
    """Both can go in person and are near enough, or both can meet online."""
    FREE_TIME = "free_time"
    """Both are free at the same time for long enough."""
    CAPACITY = "capacity"
    """They have a place. It is settled by matching, not pair by pair."""


@frozen(kw_only=True)
class Weights:
    """How much each part counts where one side compares those of the other (all judgment).

    Each part lies from 0 to 1, and counts 1/2 where it is not known. Age, gender, name and the
    like are no part, and can't be made one.

    Parameters
    ----------
    shared_group
        1 for the group that the person wants most, 1/2 for the next, 1/3, and so on.
    lived_experience
        Share of the person's substances that the supporter has lived with; where the person takes
        medication for addiction, whether the supporter has, counts as much.
    language
        Share of the person's languages that the supporter speaks.
    nearness
        1 next door, 0 at `PairingParameters.far_km` and where they can meet only online.
    free_time
        Time that both have in a week, up to `PairingParameters.ample_minutes`.
    waiting
        How long the person has waited, up to `PairingParameters.long_wait_days`. It is the same
        for all supporters, so it changes nothing in what a person prefers.
    """

    shared_group: Weight = field(default=0.0, converter=to_float)
    lived_experience: Weight = field(default=0.0, converter=to_float)
    language: Weight = field(default=0.0, converter=to_float)
    nearness: Weight = field(default=0.0, converter=to_float)
    free_time: Weight = field(default=0.0, converter=to_float)
    waiting: Weight = field(default=0.0, converter=to_float)

    __attrs_post_init__ = post_init


PARTS = ("shared_group", "lived_experience", "language", "nearness", "free_time", "waiting")


@frozen(kw_only=True)
class PairingParameters:
    """What is weighed, and what counts as enough (all judgment).

    Parameters
    ----------
    person_weights, supporter_weights
        How people compare supporters, and supporters people. Experience and group come first for
        people (recognition by somebody who has been there helped people start; Pettersen 2019);
        for supporters, waiting counts as much as experience.
    least_minutes
        Time in a week that both must have: a meeting takes about an hour.
    ample_minutes
        Time in a week beyond which more makes no difference.
    far_km
        Distance from which a supporter counts as not near at all.
    long_wait_days
        Days of waiting beyond which more makes no difference.
    """

    person_weights: Weights = Weights(
        shared_group=0.3, lived_experience=0.3, language=0.1, nearness=0.15, free_time=0.15
    )
    supporter_weights: Weights = Weights(
        shared_group=0.2,
        lived_experience=0.25,
        language=0.1,
        nearness=0.1,
        free_time=0.1,
        waiting=0.25,
    )
    least_minutes: Annotated[int, whole_within(1, MOST_MINUTES)] = 60
    ample_minutes: Annotated[int, whole_within(1, MOST_MINUTES)] = 300
    far_km: Annotated[float, within(0.1, 20_040)] = field(default=30.0, converter=to_float)
    long_wait_days: Annotated[int, whole_within(1, 36_500)] = 28

    __attrs_post_init__ = post_init


DEFAULT_PARAMETERS = PairingParameters()


def _groups(values: Iterable[str | Group] | Mapping[str, Group]) -> tuple[str | Group, ...]:
    return to_tuple(values.values() if isinstance(values, Mapping) else values)


def _a_group(value: object) -> Broken:
    if isinstance(value, Group) or not text(value):
        return ()
    return broken("must be the id of a group, or a Group", code="wrong_type")


def _id_of(group: str | Group) -> str:
    return group.id if isinstance(group, Group) else group


def _maybe_day(value: date | None) -> date | None:
    return value.date() if isinstance(value, datetime) else value


class FromPerson(TypedDict, total=False):
    """What `PairingRequest.from_person` takes beside the person."""

    groups: Required[Iterable[str | Group] | Mapping[str, Group]]
    roles: Iterable[str]
    timezone: str | None
    latitude: float | None
    longitude: float | None
    within_km: float | None
    windows: Iterable[WindowLike] | None
    wanted_identities: Iterable[str]
    waiting_since: date | None
    not_with: Iterable[str]


@frozen(kw_only=True, repr=False)
class PairingRequest:
    """What one person asks for. All but ``person`` may be left out and then limits nothing.

    Parameters
    ----------
    person
        The host's id of the person.
    groups
        Ids of groups, or `mshg.Group` objects, in order of preference; any group if empty. With
        the objects, sentences can name them.
    roles
        Whom they ask for; a first friend unless given.
    languages
        Languages in which they would talk, as BCP 47 tags; any if empty.
    modes
        Acceptable ways to meet; any if empty. Hybrid counts as in person and as online.
    windows
        When they are free every week, on the clock of ``timezone``; any time if empty.
    timezone
        IANA name; None: that of the supporter.
    latitude, longitude
        Where they are, in degrees north and east; both or neither.
    within_km
        How far away somebody may be with whom they would go in person. Whoever's distance isn't
        known is then too far to go in person.
    substances, medication_for_addiction
        What they live with. It makes supporters with the same experience preferred, never required.
    identities
        Their own words for who they are. Only a supporter's wish about whom they go along with
        reads them.
    wanted_identities
        A wish of theirs: the supporter must use each of these words of themselves.
    waiting_since
        Since which day they have waited; None is not known, and counts as today.
    not_with
        Ids of supporters to whom, or by whom, no was said.
    """

    person: Text
    groups: tuple[Annotated[str | Group, Rule(_a_group, "a group", {})], ...] = field(
        default=(), converter=_groups
    )
    roles: frozenset[SupporterRole] = field(
        default=frozenset(FIRST_FRIEND), converter=to_supporter_roles
    )
    languages: frozenset[Text] = field(default=frozenset(), converter=to_strings)
    modes: frozenset[MeetingMode] = field(default=frozenset(), converter=to_modes)
    windows: tuple[Window, ...] = field(default=(), converter=to_windows)
    timezone: Text | None = None
    latitude: Annotated[float, within(-90, 90)] | None = field(
        default=None, converter=to_optional_float
    )
    longitude: Annotated[float, within(-180, 180)] | None = field(
        default=None, converter=to_optional_float
    )
    within_km: Annotated[float, within(0, 20_040)] | None = field(
        default=None, converter=to_optional_float
    )
    substances: frozenset[Substance] = field(default=frozenset(), converter=to_substances)
    medication_for_addiction: bool | None = None
    identities: frozenset[Text] = field(default=frozenset(), converter=to_strings)
    wanted_identities: frozenset[Text] = field(default=frozenset(), converter=to_strings)
    waiting_since: date | None = field(default=None, converter=_maybe_day)
    not_with: frozenset[Text] = field(default=frozenset(), converter=to_strings)

    __repr__ = opaque

    def __attrs_post_init__(self) -> None:
        check(
            self,
            roles=lambda: () if self.roles else broken("must name a role", code="missing"),
            timezone=lambda: () if self.timezone is None else zone_problems(self.timezone),
            latitude=lambda: half_placed(self.latitude, self.longitude),
            within_km=lambda: unplaced(self.within_km, self.latitude),
        )

    @property
    def group_ids(self) -> tuple[str, ...]:
        """Ids of the groups, each once."""
        return tuple(dict.fromkeys(map(_id_of, self.groups)))

    @classmethod
    def from_person(
        cls,
        person: Person,
        *,
        groups: Iterable[str | Group] | Mapping[str, Group],
        roles: Iterable[str] = FIRST_FRIEND,
        timezone: str | None = None,
        latitude: float | None = None,
        longitude: float | None = None,
        within_km: float | None = None,
        windows: Iterable[WindowLike] | None = None,
        wanted_identities: Iterable[str] = (),
        waiting_since: date | None = None,
        not_with: Iterable[str] = (),
    ) -> Self:
        """Read what a person told of themselves; the rest is given as for a request.

        The group that they chose comes first, whether or not it is among ``groups``. Each of their
        preferred weekdays becomes a window of that whole day, unless ``windows`` are given.

        Examples
        --------
        >>> from mshg import Person
        >>> from mshg.pairing import PairingRequest
        >>> request = PairingRequest.from_person(
        ...     Person(id="1", chosen_group="smart"), groups=["aa", "smart"]
        ... )
        >>> request.groups
        ('smart', 'aa')
        """
        enforce(person=instance(Person)(person))
        wanted = person.preferences
        if windows is None:
            days = sorted(wanted.weekdays)
            windows = [Window(weekday=d, start=time(), until=time()) for d in days]
        return cls(
            person=person.id,
            groups=_chosen_first(person.chosen_group, _groups(groups)),
            roles=roles,
            languages=wanted.languages,
            modes=wanted.modes,
            windows=windows,
            timezone=timezone,
            latitude=latitude,
            longitude=longitude,
            within_km=within_km,
            substances=person.substances,
            medication_for_addiction=person.medication_for_addiction,
            identities=person.identities,
            wanted_identities=wanted_identities,
            waiting_since=waiting_since,
            not_with=not_with,
        )

    @classmethod
    def from_events(
        cls, person: Person, events: Iterable["Event"], **same: Unpack[FromPerson]
    ) -> Self:
        """As `from_person`, and whoever said no, or was said no to, is not proposed again.

        Of each side the last answer to each other counts. A state forgets a no once the supporter
        is offered again; the log does not. Events of other people are passed over.

        Raises
        ------
        ValidationError
            What `from_person` refuses, what is no event, or an id that two different events have.

        Examples
        --------
        >>> from datetime import UTC, datetime
        >>> from mshg import Person
        >>> from mshg.events import SupporterAnswered
        >>> from mshg.pairing import PairingRequest
        >>> at = datetime(2026, 11, 24, 19, tzinfo=UTC)
        >>> no = SupporterAnswered(
        ...     id="e1", person_id="1", at=at, supporter_id="s1", answer="declined"
        ... )
        >>> sorted(PairingRequest.from_events(Person(id="1"), [no], groups=["aa"]).not_with)
        ['s1']
        """
        request = cls.from_person(person, **same)
        return evolve(request, not_with=request.not_with | _said_no(person, events))


def _chosen_first(chosen: str | None, groups: tuple[str | Group, ...]) -> tuple[str | Group, ...]:
    if chosen is None or not isinstance(groups, tuple):
        return groups
    first = next((g for g in groups if isinstance(g, Group) and g.id == chosen), chosen)
    return (first, *(g for g in groups if _id_of(g) != chosen))


def _said_no(person: Person, events: Iterable["Event"]) -> frozenset[str]:
    """Supporters of whom the last answer of one side or the other was a no."""
    last: dict[tuple[str, Party], Answer] = {}
    for event in effective_events(events):
        if isinstance(event, SupporterAnswered) and event.person_id == person.id:
            last[event.supporter_id, event.answered_by] = event.answer
    return frozenset(supporter for (supporter, _), a in last.items() if a is Answer.DECLINED)
