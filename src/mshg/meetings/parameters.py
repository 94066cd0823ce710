"""What is asked of a directory: windows of time and queries."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Self

from attrs import field, frozen

from mshg._checks import (
    Broken,
    broken,
    each,
    enforce,
    instance,
    name,
    number,
    one_of,
    optional,
    text,
    whole,
)
from mshg._conversions import to_float, to_optional_float, to_strings, to_tuple
from mshg._languages import language
from mshg._zones import zone_problems
from mshg.domain import Barrier, Group, MeetingMode, Person, Window, WindowLike
from mshg.domain.conversions import to_barriers, to_modes
from mshg.domain.vocabulary import way_to_attend
from mshg.domain.windows import a_window, to_windows

METHOD_VERSION = "meetings-1"
"""Changes whenever the same meetings and queries would get other matches."""

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth, R1 of the GRS 80 ellipsoid (Moritz, Journal of Geodesy 74, 2000)."""

LIFTING = frozenset({Barrier.SOCIAL_ANXIETY, Barrier.DISTANCE, Barrier.TRANSPORT})
"""Barriers that lift online options."""

MOST_HOURS = 8_784
"""A leap year."""

MOST_MATCHES = 1_000_000

USUAL_LENGTH = timedelta(hours=1)
"""Of a meeting whose list tells none, as the Meeting Guide format has it."""

LONGEST_AGO = timedelta(hours=12)
"""How long ago the start of a meeting may be that is still looked for."""

FASTEST_KMH = 1_000
_SLOWEST_KMH = 0.1
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


def opaque(self: object) -> str:
    """Stand in for a repr, alike for everyone."""
    return f"{type(self).__name__}(…)"


def _groups(values: Iterable[str | Group] | Mapping[str, Group]) -> tuple[str | Group, ...]:
    return to_tuple(values.values() if isinstance(values, Mapping) else values)


def _a_group(value: object) -> Broken:
    if isinstance(value, Group) or not name(value):
        return ()
    return broken("must be the id of a group, or a Group", code="wrong_type")


def moment_problems(value: object) -> Broken:
    """Nothing if it is a moment: a datetime with a zone, of the years that are counted."""
    if not isinstance(value, datetime) or value.utcoffset() is None:
        return broken("must be a datetime with a time zone", code="wrong_type")
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        return broken(
            f"must be of the years {_FIRST_YEAR} to {_LAST_YEAR}",
            code="out_of_range",
            limits=(f"{_FIRST_YEAR}-01-01", f"{_LAST_YEAR}-12-31"),
        )
    return ()


_WOMEN = frozenset({"woman", "women", "female", "girl", "lady", "trans woman", "cis woman"})
_MEN = frozenset({"man", "men", "male", "boy", "gentleman", "trans man", "cis man"})


def _meant_for_others(person: Person) -> frozenset[str]:
    """Tags of meetings that are for men or for women alone, where the person is the other."""
    said = {word.strip().casefold() for word in person.identities}
    is_woman, is_man = not said.isdisjoint(_WOMEN), not said.isdisjoint(_MEN)
    others = {"men"} if is_woman else {"women"}
    asked = person.preferences.all_tags | person.preferences.any_tags
    return frozenset(others - asked) if is_woman != is_man else frozenset()


def _recent(value: object) -> Broken:
    if isinstance(value, timedelta) and timedelta(0) <= value <= LONGEST_AGO:
        return ()
    return broken("must be a timedelta from 0 to 12 hours", code="out_of_range")


@frozen(kw_only=True, repr=False)
class MeetingQuery:
    """What a person looks for. Everything but ``at`` may be left out and then limits nothing.

    Parameters
    ----------
    groups
        Ids of groups, or `mshg.Group` objects, in order of preference; any group if empty. A
        variant's meetings are known by its ``Group``, not by its id alone.
    latitude, longitude
        Where the person is, in degrees north and east; both or neither.
    within_km
        How far away a meeting in person may be. One whose distance can't be known is then left out.
    timezone
        IANA name of the person's zone, in which ``windows`` are read and starts are given. None:
        each meeting's own zone.
    windows
        When the person is free: `mshg.domain.Window` objects, or ``(weekday, start, until)``; any
        time if empty.
    at, hours
        From when on, and for how many hours, 0 to 8784: a meeting fits that starts at ``at`` or
        later, and before ``hours`` are over.
    started_within
        How long ago a meeting may have started, from nothing to twelve hours: one that is still on
        at ``at`` then fits, and its reasons say so. One whose length is not known is taken to last
        an hour.
    modes
        Acceptable ways to attend; any if empty. Hybrid meetings count as in person and as online.
        Inactive meetings are never found, and ``inactive`` is no way to attend.
    all_tags, any_tags, no_tags
        Tags a meeting must have all of, at least one of, none of.
    languages
        BCP 47 tags of known languages, of which a meeting must name one or none at all. ``zh``
        covers ``zh-Hant``.
    travel_speed_kmh
        Speed in km/h, as the crow flies: a meeting in person fits only if the person, setting
        out at ``at``, gets there before it starts.
    barriers
        `mshg.Barrier` words. Social anxiety, distance or transport lift online options.
    limit
        How many matches at most, 1 to 1,000,000.

    Raises
    ------
    ValidationError
        What breaks a rule, with its path.
    ZoneDataError
        The machine has no time zone database; ``mshg[tz]`` brings one.

    Examples
    --------
    >>> from datetime import datetime, timezone
    >>> from mshg.meetings import MeetingQuery
    >>> at = datetime(2026, 11, 24, 17, tzinfo=timezone.utc)
    >>> MeetingQuery(at=at, windows=[(1, "18:00", "21:30")], timezone="America/New_York")
    MeetingQuery(…)
    """

    groups: tuple[str | Group, ...] = field(default=(), converter=_groups)
    latitude: float | None = field(default=None, converter=to_optional_float)
    longitude: float | None = field(default=None, converter=to_optional_float)
    within_km: float | None = field(default=None, converter=to_optional_float)
    timezone: str | None = None
    windows: tuple[Window, ...] = field(default=(), converter=to_windows)
    at: datetime
    hours: float = field(default=168.0, converter=to_float)
    started_within: timedelta = timedelta(0)
    modes: frozenset[MeetingMode] = field(default=frozenset(), converter=to_modes)
    all_tags: frozenset[str] = field(default=frozenset(), converter=to_strings)
    any_tags: frozenset[str] = field(default=frozenset(), converter=to_strings)
    no_tags: frozenset[str] = field(default=frozenset(), converter=to_strings)
    languages: frozenset[str] = field(default=frozenset(), converter=to_strings)
    travel_speed_kmh: float | None = field(default=None, converter=to_optional_float)
    barriers: frozenset[Barrier] = field(default=frozenset(), converter=to_barriers)
    limit: int = 10

    __repr__ = opaque

    def __attrs_post_init__(self) -> None:
        zone = optional(text)(self.timezone)
        if not zone and self.timezone is not None:
            zone = zone_problems(self.timezone)
        latitude = optional(lambda v: number(v, -90, 90))(self.latitude)
        if not latitude and (self.latitude is None) != (self.longitude is None):
            latitude = broken("must be given together with longitude", code="missing")
        tags = each(name, frozenset)
        enforce(
            groups=each(_a_group, tuple)(self.groups),
            latitude=latitude,
            longitude=optional(lambda v: number(v, -180, 180))(self.longitude),
            within_km=optional(lambda v: number(v, 0))(self.within_km)
            or self._unplaced(self.within_km),
            timezone=zone,
            windows=each(a_window, tuple)(self.windows),
            at=moment_problems(self.at),
            hours=number(self.hours, 0, MOST_HOURS),
            started_within=_recent(self.started_within),
            modes=each(way_to_attend, frozenset)(self.modes),
            all_tags=tags(self.all_tags),
            any_tags=tags(self.any_tags),
            no_tags=tags(self.no_tags),
            languages=each(language, frozenset)(self.languages),
            travel_speed_kmh=optional(lambda v: number(v, _SLOWEST_KMH, FASTEST_KMH))(
                self.travel_speed_kmh
            )
            or self._unplaced(self.travel_speed_kmh),
            barriers=each(one_of(Barrier), frozenset)(self.barriers),
            limit=whole(self.limit, 1, MOST_MATCHES),
        )

    def _unplaced(self, limit: float | None) -> Broken:
        is_unplaced = limit is not None and self.latitude is None
        return broken("needs latitude and longitude", code="missing") if is_unplaced else ()

    @property
    def lifts_online(self) -> bool:
        """Whether a barrier lifts online options."""
        return not LIFTING.isdisjoint(self.barriers)

    @classmethod
    def from_person(
        cls,
        person: Person,
        *,
        at: datetime,
        groups: Iterable[str | Group] | Mapping[str, Group] = (),
        latitude: float | None = None,
        longitude: float | None = None,
        within_km: float | None = None,
        timezone: str | None = None,
        windows: Iterable[WindowLike] | None = None,
        hours: float = 168.0,
        started_within: timedelta = timedelta(0),
        travel_speed_kmh: float | None = None,
        limit: int = 10,
    ) -> Self:
        """Read a person's preferences and barriers; the rest is given as for a query.

        Each of the preferred weekdays becomes a window of that whole day, unless ``windows`` are
        given. Without ``timezone`` that is a day of the meeting's own zone. Someone who says that
        they are a woman is not sent to a meeting for men, nor a man to one for women, unless their
        preferences ask for it; of other ``identities`` a match only says whom it is meant for.

        Examples
        --------
        >>> from datetime import datetime, timezone
        >>> from mshg import MeetingPreferences, Person
        >>> from mshg.meetings import MeetingQuery
        >>> person = Person(id="1", preferences=MeetingPreferences(weekdays=[5], modes=["online"]))
        >>> at = datetime(2026, 11, 24, tzinfo=timezone.utc)
        >>> query = MeetingQuery.from_person(person, at=at, groups=["aa"])
        >>> [window.weekday for window in query.windows]
        [5]
        """
        enforce(person=instance(Person)(person))
        wanted = person.preferences
        if windows is None:
            days = sorted(wanted.weekdays)
            windows = [Window(weekday=d, start=time(), until=time()) for d in days]
        return cls(
            groups=groups,
            latitude=latitude,
            longitude=longitude,
            within_km=within_km,
            timezone=timezone,
            windows=windows,
            at=at,
            hours=hours,
            started_within=started_within,
            modes=wanted.modes,
            all_tags=wanted.all_tags,
            any_tags=wanted.any_tags,
            no_tags=wanted.no_tags | _meant_for_others(person),
            languages=wanted.languages,
            travel_speed_kmh=travel_speed_kmh,
            barriers=person.barriers,
            limit=limit,
        )
