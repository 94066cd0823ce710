"""A week of meetings for a person, with one to fall back on for each."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from math import ceil, log2
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from attrs import evolve, frozen

from mshg._checks import enforce, instance, optional, whole
from mshg._results import ResultWithMeetings, wording_given
from mshg.domain import Group, MeetingMode, Person, Window, WindowLike
from mshg.meetings.engine import Directory
from mshg.meetings.kernels import places_in_row
from mshg.meetings.parameters import (
    METHOD_VERSION,
    MOST_MATCHES,
    USUAL_LENGTH,
    MeetingQuery,
    opaque,
)
from mshg.meetings.results import DOUBTS, MEANT_FOR, MeetingMatch, lines
from mshg.wording import Wording
from mshg.wording import load as load_wording

_DAYS = 7
_MOST_MEETINGS = 21
_NEAR_KM = 3.0  # judgment: within it, distance is no reason to choose
_ONLINE, _UNKNOWN = 1, 99  # stretches: online as one of up to 6 km
_FROM, _UNTIL = time(6), time(23)  # judgment: other hours are planned when asked for
_AT_ONE_TIME = 4  # so that there is another meeting, and one of another length
_COLUMNS = ("meetings", "starts", "distances", "online")


@frozen(kw_only=True, repr=False)
class PlannedMeeting(ResultWithMeetings):
    """A meeting of the week, and another at another time to fall back on, if there is one."""

    match: MeetingMatch
    backup: MeetingMatch | None

    __repr__ = opaque


@frozen(kw_only=True, repr=False)
class WeekPlan(ResultWithMeetings):
    """A week of meetings.

    Parameters
    ----------
    meetings
        In order of time.
    notes
        What to say of the week as a whole: that it is short of what was wanted, and where nothing
        fits, the one change that gives the nearest option.
    wording
        Whose sentences are said.
    """

    meetings: tuple[PlannedMeeting, ...]
    notes: tuple[str, ...]
    wording: Wording
    method_version: str = METHOD_VERSION

    __repr__ = opaque

    def __len__(self) -> int:
        return len(self.meetings)

    def to_text(self, wording: Wording | None = None, *, with_join: bool = False) -> str:
        """All of it as text to read with the person.

        Parameters
        ----------
        wording
            Whose sentences to put around it; those that the plan was made with if None. Reasons and
            notes were said when it was made and stay as they are.
        with_join
            Whether to tell links and passcodes to join from afar.
        """
        if wording is not None:
            return evolve(self, wording=wording_given(wording)).to_text(with_join=with_join)
        say = self.wording.say
        lines_so_far = [say("week.title"), *self.notes]
        for place, planned in enumerate(self.meetings, 1):
            first, *rest = lines(planned.match, self.wording, with_join=with_join)
            lines_so_far += ["", say("week.meeting", place=place, meeting=first)]
            lines_so_far += [f"   {line}" for line in rest]
            if planned.backup is None:
                lines_so_far.append(f"   {say('week.no_backup')}")
            else:
                other, *rest = lines(planned.backup, self.wording, with_join=with_join)
                is_later = planned.backup.starts_at > planned.match.starts_at
                key = "week.backup" if is_later else "week.backup_before"
                lines_so_far += [f"   {say(key, meeting=other)}", *(f"      {r}" for r in rest)]
        return "\n".join([*lines_so_far, "", say("week.goes_on")])


class _Choice(NamedTuple):
    """A match on a day of the week ahead, its start and end in UTC, and its places in order."""

    match: MeetingMatch
    start: datetime
    end: datetime
    day: int
    rank: int
    place: int
    asked: MeetingQuery

    @property
    def is_for_others(self) -> bool:
        """Whether it is meant for some people in particular, whom nobody asked for."""
        asked = self.asked.all_tags | self.asked.any_tags
        return not MEANT_FOR.isdisjoint(self.match.meeting.tags - asked)

    @property
    def stretch(self) -> int:
        """How far away it is, in stretches that double: online as far as one that is near by."""
        km = self.match.distance_km
        if km is None:
            is_online = self.match.way is MeetingMode.ONLINE
            return _ONLINE if is_online or self.asked.latitude is None else _UNKNOWN
        return max(0, ceil(log2(max(km, _NEAR_KM) / _NEAR_KM)))

    @property
    def is_in_doubt(self) -> bool:
        """Whether its list says something that may mean it does not take place."""
        return not self.match.meeting.flags.isdisjoint(DOUBTS)

    def overlaps(self, other: "_Choice") -> bool:
        """Whether one can't attend both."""
        return self.start < other.end and other.start < self.end


def plan_week(
    person: Person,
    groups: Iterable[str | Group] | Mapping[str, Group],
    directory: Directory,
    *,
    at: datetime,
    count: int = 3,
    timezone: str | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
    within_km: float | None = None,
    windows: Iterable[WindowLike] | None = None,
    wording: Wording | None = None,
) -> WeekPlan:
    """Plan a week of meetings, with another to fall back on for each.

    A first meeting a day comes before a second on any day; then the group preferred most; then
    one that its list casts no doubt on; then one that is meant for no others in particular, unless
    it was asked for; then the nearer one, by stretches that double from 3 km on; then the day
    farthest from those planned already, so that a week is spread; then the order of a search. What
    one can fall back on is another meeting that overlaps with nothing planned: one that starts
    later before one that starts earlier, then without doubt, for all, the nearest day, the group,
    the stretch and the search. No start stands in a plan twice; a meeting counts once a day, with
    its first start that fits.

    Parameters
    ----------
    person
        Whose preferences and barriers count.
    groups
        Ids or `mshg.Group` objects, in order of preference; any group if empty.
    directory
        Where to look.
    at
        From when on; the week is the 168 hours that follow.
    count
        How many, 1 to 21. Fewer are planned where no more fit, and a note says so.
    timezone, latitude, longitude, within_km, windows
        As in `MeetingQuery.from_person`. Without ``windows``, meetings that start from 11 p.m. to
        6 a.m. are left out, also on preferred weekdays: give windows to ask for them.
    wording
        Whose sentences to say; mshg's own in English if None.

    Raises
    ------
    ValidationError
        What breaks a rule, with its path.

    Examples
    --------
    >>> from datetime import datetime, time, timezone
    >>> from mshg import Meeting, Person, Slot
    >>> from mshg.meetings import Directory, plan_week
    >>> evenings = [Slot(weekday=day, start=time(19)) for day in range(7)]
    >>> daily = Meeting(id="1", group="aa", name="Daily", slots=evenings, timezone="UTC")
    >>> at = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
    >>> plan = plan_week(Person(id="1"), ["aa"], Directory([daily]), at=at)
    >>> [planned.match.starts_at.strftime("%a") for planned in plan.meetings]
    ['Mon', 'Thu', 'Sun']
    """
    enforce(
        directory=instance(Directory)(directory),
        count=whole(count, 1, _MOST_MEETINGS),
        wording=optional(instance(Wording))(wording),
    )
    wording = load_wording() if wording is None else wording
    if windows is None and isinstance(person, Person):
        days = sorted(person.preferences.weekdays) or range(_DAYS)
        windows = [Window(weekday=day, start=_FROM, until=_UNTIL) for day in days]
    week = MeetingQuery.from_person(
        person,
        at=at,
        groups=groups,
        timezone=timezone,
        latitude=latitude,
        longitude=longitude,
        within_km=within_km,
        windows=windows,
        limit=4 * count,
    )
    choices, is_all = _choices(directory, week, wording)
    found = _picked(choices, count)
    if not is_all and (len(found) < count or any(p.backup is None for p in found)):
        everything = evolve(week, limit=MOST_MATCHES)
        choices, _ = _choices(directory, everything, wording)
        found = _picked(choices, count)
    notes = list(_notes(len(found), count, wording))
    if not found:
        notes += directory.search(week, wording=wording).notes  # what would have to change
    return WeekPlan(meetings=found, notes=tuple(notes), wording=wording)


def _picked(choices: list[_Choice], count: int) -> tuple[PlannedMeeting, ...]:
    """So many of the choices, one after the other, and what one can fall back on."""
    planned: list[_Choice] = []
    for _ in range(count):
        open_ = [c for c in choices if not any(c.overlaps(p) for p in planned)]
        if not open_:
            break
        planned.append(min(open_, key=lambda c: _wish(c, planned)))
    planned.sort(key=lambda c: c.start)
    return tuple(_with_backups(planned, choices))


def _choices(
    directory: Directory, week: MeetingQuery, wording: Wording
) -> tuple[list[_Choice], bool]:
    """The first matches of each day and group, and whether these are all there are.

    Of those that start at one time only a few, as one can be at no more than one of them.
    """
    days = list(_days(week))
    ranks: list[tuple[str | Group, ...]] = [(group,) for group in week.groups] or [()]
    queries = [
        evolve(week, groups=groups, at=start, hours=(end - start) / timedelta(hours=1))
        for start, end in days
        for groups in ranks
    ]
    results = directory.search_many(queries, wording=wording)
    choices: dict[tuple[int, datetime], _Choice] = {}  # a variant's meetings may come twice
    for i, result in enumerate(results):
        day, rank = divmod(i, len(ranks))
        order = np.argsort(result.starts, kind="stable")
        kept = np.sort(order[places_in_row(result.starts[order]) < _AT_ONE_TIME])
        of_the_week = evolve(
            result,
            query=week,  # waits are given from the start of the week
            **{name: getattr(result, name)[kept] for name in _COLUMNS},
        )
        for place, match in enumerate(of_the_week.matches):
            start, end = _time_of(match)
            choices.setdefault(
                (id(match.meeting), start), _Choice(match, start, end, day, rank, place, week)
            )
    return list(choices.values()), all(len(result) < week.limit for result in results)


def _time_of(match: MeetingMatch) -> tuple[datetime, datetime]:
    """When it starts and ends, in UTC, as far as the list tells."""
    start, end = match.starts_at.astimezone(UTC), match.ends_at
    return start, start + USUAL_LENGTH if end is None else end.astimezone(UTC)


def _days(week: MeetingQuery) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of the week ahead between midnights of the person's zone."""
    zone = week.at.tzinfo if week.timezone is None else ZoneInfo(week.timezone)
    start = week.at.astimezone(UTC)
    end = start + timedelta(_DAYS)
    while start < end:
        tomorrow = start.astimezone(zone).date() + timedelta(1)
        midnight = datetime.combine(tomorrow, time(), zone).astimezone(UTC)
        yield start, min(midnight, end)
        start = midnight


def _wish(choice: _Choice, planned: list[_Choice]) -> tuple[int, int, bool, bool, int, int, int]:
    """Sorts what to plan next, the most wished for first."""
    same_day = sum(p.day == choice.day for p in planned)
    apart = min((abs(p.day - choice.day) for p in planned), default=0)
    doubts = choice.is_in_doubt, choice.is_for_others
    return same_day, choice.rank, *doubts, choice.stretch, -apart, choice.place


def _with_backups(planned: list[_Choice], choices: list[_Choice]) -> Iterator[PlannedMeeting]:
    taken = list(planned)
    for choice in planned:
        others = [
            c
            for c in choices
            if c.match.meeting is not choice.match.meeting and not any(c.overlaps(t) for t in taken)
        ]
        backup = min(others, key=lambda c: _fallback(c, choice), default=None)
        if backup is not None:
            taken.append(backup)
        yield PlannedMeeting(match=choice.match, backup=None if backup is None else backup.match)


def _fallback(choice: _Choice, planned: _Choice) -> tuple[bool, bool, bool, int, int, int, int]:
    """Sorts what to fall back on: later, without doubt, for all, the nearest day, near, wishes."""
    is_earlier = choice.start < planned.start
    doubts = choice.is_in_doubt, choice.is_for_others
    days = abs(choice.day - planned.day)
    return is_earlier, *doubts, days, choice.rank, choice.stretch, choice.place


def _notes(found: int, wanted: int, wording: Wording) -> Iterator[str]:
    if not found:
        yield wording.say("week.none")
    elif found < wanted:
        yield wording.say("week.few", found=found, wanted=wanted)
