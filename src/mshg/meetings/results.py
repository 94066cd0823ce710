"""What a search gives back. No repr shows what a person looks for."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property
from numbers import Real
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from mshg._arrays import Booleans, Floats, Indices
from mshg._results import ResultWithMeetings, wording_given
from mshg.domain import Meeting, MeetingFlag, MeetingMode, Slot
from mshg.meetings.index import moment
from mshg.meetings.kernels import Longs
from mshg.meetings.parameters import METHOD_VERSION, MeetingQuery, opaque
from mshg.wording import Wording

KM_PER_MILE = 1.609344  # the international mile, exactly
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MINUTE = timedelta(minutes=1)

DOUBTS = (
    MeetingFlag.MAY_BE_SUSPENDED,
    MeetingFlag.MAY_NOT_BE_WEEKLY,
    MeetingFlag.START_ASSUMED,
)
"""Flags of a meeting that may not take place then, of which a person hears before they set out."""

MEANT_FOR = frozenset(
    {
        "women",
        "men",
        "lgbtq",
        "transgender",
        "non_binary",
        "young_people",
        "teens",
        "seniors",
        "people_of_color",
        "indigenous",
        "professionals",
    }
)
"""Tags that say whom a meeting is meant for. Only the person knows whether they are."""


@frozen(kw_only=True, repr=False)
class MeetingMatch(ResultWithMeetings):
    """A meeting that fits, and its first start that does.

    Parameters
    ----------
    meeting
        The meeting.
    way
        How it is meant to be attended: in person or online.
    distance_km
        Great-circle distance in km; None for a way that is online, where no position was given,
        and where the meeting's place is not known well enough.
    starts_at
        When it starts, in the query's zone if one was given, else in the meeting's own.
    reasons
        Sentences on why it is here.
    cautions
        Those of the reasons that say what to ask before one goes, to be set apart where they are
        shown.
    """

    meeting: Meeting
    way: MeetingMode
    distance_km: float | None
    starts_at: datetime
    reasons: tuple[str, ...]
    cautions: tuple[str, ...] = ()

    __repr__ = opaque

    @property
    def ends_at(self) -> datetime | None:
        """When it ends, in the zone of its start; None where its list does not say."""
        lengths = [slot.duration for slot in slots_of(self) if slot.duration is not None]
        if not lengths:
            return None
        end = self.starts_at.astimezone(UTC) + max(lengths)
        return end.astimezone(self.starts_at.tzinfo)

    def _content(self) -> dict[str, Any]:
        return super()._content() | {"ends_at": self.ends_at}


@frozen(kw_only=True, repr=False)
class Relaxation(ResultWithMeetings):
    """One constraint of a query which, were it wider, would let something fit.

    Parameters
    ----------
    constraint
        The query's field.
    value
        What it would have to be: the number, or the tag to do without; None for no such constraint
        at all.
    count
        How many meetings would then fit.
    first
        The first of them.
    reason
        The same in words.
    """

    constraint: str
    value: float | str | None
    count: int
    first: MeetingMatch
    reason: str

    __repr__ = opaque


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class SearchResult(ResultWithMeetings):
    """The meetings that fit a query, in order. Each part is built when it is first read.

    Parameters
    ----------
    query
        What was asked.
    wording
        Whose sentences are said.
    meetings, starts, distances, online
        Arrays with one entry a match: index into the directory's ``meetings``, microseconds since
        1970 in UTC, km (NaN where not known), and whether it is meant online.
    """

    query: MeetingQuery
    wording: Wording
    meetings: Indices
    starts: Longs
    distances: Floats
    online: Booleans
    _all: tuple[Meeting, ...]
    _relax: Callable[[MeetingQuery, Wording], tuple[Relaxation, ...]]
    method_version: str = METHOD_VERSION

    def __len__(self) -> int:
        return len(self.meetings)

    def __repr__(self) -> str:
        return f"SearchResult({len(self)} matches)"

    @cached_property
    def matches(self) -> tuple[MeetingMatch, ...]:
        """The meetings that fit, in the order that the page on meetings states."""
        columns = (self.meetings, self.starts, self.distances, self.online)
        return tuple(self._match(*row) for row in zip(*(c.tolist() for c in columns), strict=True))

    @cached_property
    def relaxations(self) -> tuple[Relaxation, ...]:
        """Where nothing fits: each single constraint that stands in the way, the nearest first."""
        return () if len(self) else self._relax(self.query, self.wording)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What to say where nothing fits: the one change that gives the nearest option."""
        if len(self):
            return ()
        if not self.relaxations:
            return (self.wording.say("relaxation.none"),)
        nearest = self.relaxations[0]
        first, *_ = lines(nearest.first, self.wording)
        return nearest.reason, self.wording.say("relaxation.first", meeting=first)

    def __iter__(self) -> Iterator[MeetingMatch]:
        return iter(self.matches)

    def to_text(self, wording: Wording | None = None, *, with_join: bool = False) -> str:
        """All of it as text to read with the person.

        Parameters
        ----------
        wording
            Whose sentences to say; those that the search was made with if None.
        with_join
            Whether to tell links and passcodes to join from afar.
        """
        if wording is not None:
            return evolve(self, wording=wording_given(wording)).to_text(with_join=with_join)
        shown = list(self.notes)
        for match in self.matches:
            first, *rest = lines(match, self.wording, with_join=with_join)
            shown += [first, *(f"   {line}" for line in rest)]
        return "\n".join(shown)

    def _content(self) -> dict[str, Any]:
        """What fits, without what was asked: that is the person's, and the host has it."""
        names = ("notes", "matches", "relaxations", "method_version")
        return {name: getattr(self, name) for name in names} | {"language": self.wording.language}

    def _match(self, index: int, start: int, distance: float, online: bool) -> MeetingMatch:
        meeting = self._all[index]
        distance_km = None if distance != distance else distance  # noqa: PLR0124 (NaN)
        way = MeetingMode.ONLINE if online else MeetingMode.IN_PERSON
        starts_at = moment(start).astimezone(ZoneInfo(self.query.timezone or str(meeting.timezone)))
        found = _Found(meeting, way, distance_km, starts_at)
        said = list(_sentences(found, self.query, self.wording))
        return MeetingMatch(
            meeting=meeting,
            way=way,
            distance_km=distance_km,
            starts_at=starts_at,
            reasons=tuple([sentence for _, sentence in said]),
            cautions=tuple([sentence for key, sentence in said if key in _CAUTIONS]),
        )


class _Found(NamedTuple):
    """A match before anything is said of it."""

    meeting: Meeting
    way: MeetingMode
    distance_km: float | None
    starts_at: datetime


_CAUTIONS = frozenset({"place_unknown", "meant_for", "closed", "language_unknown", *DOUBTS})


def _sentences(match: _Found, query: MeetingQuery, wording: Wording) -> Iterator[tuple[str, str]]:
    """Distance, time until the start, what of the wishes is met, and what is in doubt, by key."""
    say, meeting, km = wording.say, match.meeting, match.distance_km
    if km is not None:
        yield "distance", say("match.distance", km=f"{km:.1f}", miles=f"{km / KM_PER_MILE:.1f}")
    elif match.way is MeetingMode.ONLINE:
        yield "online", say("match.online")
    elif query.latitude is not None:
        yield "place_unknown", say("match.place_unknown")
    if km is not None and meeting.mode is MeetingMode.HYBRID:
        yield "also_online", say("match.also_online")
    yield "starts", _until(match.starts_at.astimezone(UTC) - query.at.astimezone(UTC), wording)
    if km is not None and query.travel_speed_kmh is not None:
        minutes = round(60 * km / query.travel_speed_kmh)
        yield (
            "reachable",
            say("match.reachable", minutes=minutes, kmh=f"{query.travel_speed_kmh:g}"),
        )
    yield from _kinds(meeting, query, say)
    yield from ((doubt, say(f"match.{doubt}")) for doubt in DOUBTS if doubt in meeting.flags)


def _kinds(
    meeting: Meeting, query: MeetingQuery, say: Callable[..., str]
) -> Iterator[tuple[str, str]]:
    """What was asked for, whom it is meant for where that was not asked, and the language."""
    asked = query.all_tags | query.any_tags
    for key, tags in (
        ("tags", asked & meeting.tags),
        ("meant_for", MEANT_FOR & meeting.tags - asked),
    ):
        if tags:
            yield key, say(f"match.{key}", tags=", ".join(sorted(tags)).replace("_", " "))
    if "closed" in meeting.tags - asked:
        yield "closed", say("match.closed")
    if query.languages and meeting.languages:
        yield "languages", say("match.languages", languages=", ".join(sorted(meeting.languages)))
    elif query.languages:
        yield "language_unknown", say("match.language_unknown")


def _until(wait: timedelta, wording: Wording) -> str:
    if wait <= -_MINUTE:
        return wording.say("match.started", minutes=-wait // _MINUTE)
    hours, minutes = divmod(wait // _MINUTE, 60)
    if not hours and not minutes:
        return wording.say("match.starts_now")
    if not hours:
        return wording.say("match.starts_in_minutes", minutes=minutes)
    if hours < 48:
        return wording.say("match.starts_in_hours", hours=hours, minutes=minutes)
    return wording.say("match.starts_in_days", days=hours // 24, hours=hours % 24)


def relaxation(
    query: MeetingQuery,
    constraint: str,
    value: float | str | None,
    *,
    count: int,
    first: MeetingMatch,
    wording: Wording,
) -> Relaxation:
    """What one constraint, changed so, lets fit."""
    limit = getattr(query, constraint)
    is_unknown = constraint in ("within_km", "travel_speed_kmh") and value is None
    key = f"{constraint}_unknown" if is_unknown else constraint
    shown = value.replace("_", " ") if isinstance(value, str) else f"{value or 0:.6g}"
    reason = wording.say(
        f"relaxation.{key}",
        limit=f"{limit:.6g}" if isinstance(limit, Real) else "",
        value=shown,
        count=count,
    )
    return Relaxation(
        constraint=constraint,
        value=value,
        count=count,
        first=first,
        reason=reason,
    )


def slots_of(match: MeetingMatch) -> Iterator[Slot]:
    """The slots of its meeting that start then."""
    zone, start = ZoneInfo(str(match.meeting.timezone)), match.starts_at.astimezone(UTC)
    day = start.astimezone(zone).date()
    for near in (day, day - timedelta(1)):  # a start in a gap may be given a day later
        for slot in match.meeting.slots:
            begins = datetime.combine(near, slot.start, zone).astimezone(UTC)
            if begins == start and slot.occurs_on(near):
                yield slot


def when(starts_at: datetime, wording: Wording) -> str:
    """A start in words: weekday, date and time of day, on the clock of its zone."""
    return wording.say(
        "match.when",
        weekday=wording.say(f"weekday.{_WEEKDAYS[starts_at.weekday()]}"),
        date=f"{starts_at:%Y-%m-%d}",
        time=f"{starts_at:%H:%M}",
    )


def lines(match: MeetingMatch, wording: Wording, *, with_join: bool = False) -> list[str]:
    """A match for a reader: what and when, why, where, and how to join if that is asked for."""
    meeting = match.meeting
    title = wording.say(
        "match.title",
        when=when(match.starts_at, wording),
        meeting=meeting.name,
        way=wording.say(f"way.{match.way}"),
    )
    is_online = match.way is MeetingMode.ONLINE
    where = (meeting.url,) if is_online else (meeting.location, meeting.address, meeting.url)
    shown = [title, " ".join(match.reasons), *(line for line in where if line is not None)]
    if with_join and (join := meeting.join_info) is not None:
        ways = (join.url, join.url_notes, join.phone, join.phone_notes)
        shown += [line for way in ways if way is not None for line in way.splitlines()]
    return shown
