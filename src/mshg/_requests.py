"""What a person asks for when they would like someone to go along: a record of pairing.

It stands here, above the codec, which reads and writes it; `mshg.pairing` is where it is public.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Annotated, Required, Self, TypedDict, Unpack

from attrs import evolve, field, frozen

from mshg._checks import broken, each, enforce, instance, text
from mshg._conversions import by_annotation, to_tuple, words
from mshg._fields import Line, Text, check, within
from mshg._mappings import FrozenMapping
from mshg._zones import zone_problems
from mshg.domain import Group, Person, Substance, SupporterRole, Window, WindowLike
from mshg.domain.supporters import half_placed, unplaced
from mshg.domain.vocabulary import WayToAttend
from mshg.domain.windows import to_windows
from mshg.events import Answer, Event, Party, SupporterAnswered, effective_events

FIRST_FRIEND = (SupporterRole.FIRST_FRIEND,)


def _group_ids(values: Iterable[str | Group]) -> tuple[str, ...]:
    found = to_tuple(values)
    if not isinstance(found, tuple):
        return found
    ids = [group.id if isinstance(group, Group) else group for group in found]
    return tuple(dict.fromkeys(ids)) if all(isinstance(i, str) for i in ids) else tuple(ids)


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


@frozen(kw_only=True, repr=False, field_transformer=by_annotation)
class PairingRequest:
    """What one person asks for. All but ``person`` may be left out and then limits nothing.

    Parameters
    ----------
    person
        The host's id of the person.
    groups
        Ids of groups in order of preference; any group if empty.
    group_names
        What sentences call a group, by its id; the id where it is not here.
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
    groups: tuple[Text, ...] = field(default=(), converter=_group_ids)
    group_names: Mapping[Text, Line] = field(factory=FrozenMapping)
    roles: frozenset[SupporterRole] = field(default=frozenset(FIRST_FRIEND), converter=words)
    languages: frozenset[Text] = field(default=frozenset(), converter=words)
    modes: frozenset[WayToAttend] = field(default=frozenset(), converter=words)
    windows: tuple[Window, ...] = field(default=(), converter=to_windows)
    timezone: Text | None = None
    latitude: Annotated[float, within(-90, 90)] | None = None
    longitude: Annotated[float, within(-180, 180)] | None = None
    within_km: Annotated[float, within(0, 20_040)] | None = None
    substances: frozenset[Substance] = field(default=frozenset(), converter=words)
    medication_for_addiction: bool | None = None
    identities: frozenset[Text] = field(default=frozenset(), converter=words)
    wanted_identities: frozenset[Text] = field(default=frozenset(), converter=words)
    waiting_since: date | None = field(default=None, converter=_maybe_day)
    not_with: frozenset[Text] = field(default=frozenset(), converter=words)

    def __repr__(self) -> str:
        return "PairingRequest(…)"

    def __attrs_post_init__(self) -> None:
        check(
            self,
            roles=lambda: () if self.roles else broken("must name a role", code="missing"),
            timezone=lambda: () if self.timezone is None else zone_problems(self.timezone),
            latitude=lambda: half_placed(self.latitude, self.longitude),
            within_km=lambda: unplaced(self.within_km, self.latitude),
        )

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

        ``groups`` may be ids or `mshg.Group` objects, whose names sentences then use. The group
        that they chose comes first, whether or not it is among them. Each of their
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
        given = to_tuple(groups.values() if isinstance(groups, Mapping) else groups)
        groups_wrong = () if isinstance(given, tuple) else each(text, tuple)(given)
        enforce(person=instance(Person)(person), groups=groups_wrong)
        wanted = person.preferences
        if windows is None:
            days = sorted(wanted.weekdays)
            windows = [Window(weekday=d, start=time(), until=time()) for d in days]
        return cls(
            person=person.id,
            groups=_chosen_first(person.chosen_group, _group_ids(given)),
            group_names={g.id: g.short_name or g.name for g in given if isinstance(g, Group)},
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


def _chosen_first(chosen: str | None, groups: tuple[str, ...]) -> tuple[str, ...]:
    return groups if chosen is None else (chosen, *(g for g in groups if g != chosen))


def _said_no(person: Person, events: Iterable["Event"]) -> frozenset[str]:
    """Supporters of whom the last answer of one side or the other was a no."""
    last: dict[tuple[str, Party], Answer] = {}
    for event in effective_events(events):
        if isinstance(event, SupporterAnswered) and event.person_id == person.id:
            last[event.supporter_id, event.answered_by] = event.answer
    return frozenset(supporter for (supporter, _), a in last.items() if a is Answer.DECLINED)
