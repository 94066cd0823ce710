"""Meetings: where, when and how a group meets, in wall time."""

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Annotated

from attrs import field, frozen

from mshg._checks import Broken, broken, whole
from mshg._conversions import by_annotation, to_dates, to_integers, to_tuple, word, words
from mshg._fields import Line, Name, Paragraphs, Rule, Text, check, post_init, whole_within, within
from mshg.domain.vocabulary import MeetingFlag, MeetingMode

_WEEK_DAYS = 7


def _every_week(start: time) -> time:
    """A time of each week is no first or second of two that a clock shows twice in a year."""
    return start.replace(fold=0) if isinstance(start, time) else start


def _nth_of_month(value: object) -> Broken:
    if value != 0 and not whole(value, -1, 5):
        return ()
    rule = "must be 1 to 5, or -1 for the last"
    return broken(rule, code="not_one_of", allowed=(1, 2, 3, 4, 5, -1))


@frozen(kw_only=True, field_transformer=by_annotation)
class Recurrence:
    """In which weeks a slot takes place: every week, unless it says otherwise.

    Parameters
    ----------
    every_weeks
        1 for every week, 2 for every second week, and so on, counted from ``anchor``.
    anchor
        A day of any week in which the slot takes place; needed where ``every_weeks`` is above 1.
    weeks_of_month
        1 to 5 for the first to the fifth such weekday of a month, -1 for the last;
        empty for all of them.
    except_dates
        Days on which it does not take place.
    """

    every_weeks: Annotated[int, whole_within(1, 52)] = 1
    anchor: date | None = None
    weeks_of_month: frozenset[
        Annotated[int, Rule(_nth_of_month, "1 to 5, or -1", {"enum": [1, 2, 3, 4, 5, -1]})]
    ] = field(default=frozenset(), converter=to_integers)
    except_dates: frozenset[date] = field(default=frozenset(), converter=to_dates)

    def __attrs_post_init__(self) -> None:
        check(self, anchor=self._unanchored)

    def _unanchored(self) -> Broken:
        is_needed = self.anchor is None and not whole(self.every_weeks, 2, 52)
        if not is_needed:
            return ()
        return broken("must be given where every_weeks is above 1", code="missing")

    def occurs_on(self, day: date) -> bool:
        """Whether a slot of that day's weekday takes place on that day."""
        day = date(day.year, day.month, day.day)  # a moment counts as its day
        if day in self.except_dates:
            return False
        if self.anchor is not None and (_monday(day) - _monday(self.anchor)) % self.every_weeks:
            return False
        if not self.weeks_of_month:
            return True
        nth = (day.day - 1) // _WEEK_DAYS + 1
        is_last = (day + timedelta(_WEEK_DAYS)).month != day.month
        return nth in self.weeks_of_month or (is_last and -1 in self.weeks_of_month)


WEEKLY = Recurrence()


def _monday(day: date) -> int:
    """Which week, counted in Mondays."""
    return (day.toordinal() - 1) // _WEEK_DAYS


@frozen(kw_only=True, field_transformer=by_annotation)
class Slot:
    """One regular time of a meeting, in the wall time of the meeting's zone.

    Parameters
    ----------
    weekday
        Monday 0 to Sunday 6.
    start
        Time of day at which it starts, without a zone.
    duration
        How long it lasts, in whole minutes; None is not known. It may end past midnight.
    recurrence
        In which weeks; every week if not given.
    """

    weekday: Annotated[int, whole_within(0, 6)]
    start: time = field(converter=_every_week)
    duration: timedelta | None = None
    recurrence: Recurrence = WEEKLY

    __attrs_post_init__ = post_init

    def occurs_on(self, day: date) -> bool:
        """Whether it takes place on a calendar day of the meeting's zone.

        Examples
        --------
        >>> from datetime import date, time
        >>> from mshg import Slot
        >>> Slot(weekday=0, start=time(19)).occurs_on(date(2026, 11, 23))
        True
        """
        return day.weekday() == self.weekday and self.recurrence.occurs_on(day)


@frozen(kw_only=True, repr=False, field_transformer=by_annotation)
class JoinInfo:
    """What a newcomer needs to join from afar.

    Its repr shows nothing, and no export holds it unless it is asked for by name.

    Parameters
    ----------
    url
        Link that joins.
    url_notes
        What goes with it: meeting id, passcode.
    phone
        Dial-in line, with codes to send.
    phone_notes
        What goes with it.
    """

    url: Line | None = None
    url_notes: Paragraphs | None = None
    phone: Line | None = None
    phone_notes: Paragraphs | None = None

    def __repr__(self) -> str:
        return "JoinInfo(…)"

    def __attrs_post_init__(self) -> None:
        check(self, url=self._nothing)

    def _nothing(self) -> Broken:
        is_empty = (self.url, self.url_notes, self.phone, self.phone_notes) == (None,) * 4
        return broken("must be given, or one of the others", code="missing") if is_empty else ()


def _slots(value: Iterable[Slot]) -> tuple[Slot, ...]:
    return to_tuple(value)


@frozen(kw_only=True, field_transformer=by_annotation)
class Meeting:
    """One meeting of a group, as its list tells.

    Parameters
    ----------
    id
        The list's own id.
    group
        Id of the group that holds it, as in the catalog.
    name
        What the meeting calls itself.
    slots
        When; empty for a meeting by appointment.
    timezone
        IANA name of the zone that ``slots`` are given in; None is not known. It is
        checked where zones are used, not here.
    mode
        How it can be attended.
    latitude, longitude
        Degrees north and east; both or neither.
    is_approximate
        Whether the coordinates are only those of a wider area, so that no distance can be known.
    tags
        What kind of meeting it is, in one neutral vocabulary (``open``, ``newcomer``).
    languages
        BCP 47 tags of the languages spoken; empty is not known.
    location, address, regions
        The place's name, its address, and its regions from wide to narrow.
    url
        The meeting's public page.
    source_codes
        The list's own type codes, as they stood.
    notes
        What else the list says, in paragraphs. `feeds` takes people's names, addresses and
        numbers out of it.
    flags
        What is not certain about it.
    join_info
        How to join from afar; neither shown nor written by the codec unless asked for by name.
    """

    id: Text
    group: Name
    name: Line
    slots: tuple[Slot, ...] = field(default=(), converter=_slots)
    timezone: Text | None = None
    mode: MeetingMode = field(default=MeetingMode.IN_PERSON, converter=word)
    latitude: Annotated[float, within(-90, 90)] | None = None
    longitude: Annotated[float, within(-180, 180)] | None = None
    is_approximate: bool = False
    tags: frozenset[Name] = field(default=frozenset(), converter=words)
    languages: frozenset[Text] = field(default=frozenset(), converter=words)
    location: Line | None = None
    address: Line | None = None
    regions: tuple[Line, ...] = field(default=(), converter=words)
    url: Line | None = None
    source_codes: tuple[Text, ...] = field(default=(), converter=words)
    notes: Paragraphs | None = field(default=None, repr=False)
    flags: frozenset[MeetingFlag] = field(default=frozenset(), converter=words)
    join_info: JoinInfo | None = field(default=None, repr=False)

    def __attrs_post_init__(self) -> None:
        check(self, latitude=self._half_placed)

    def _half_placed(self) -> Broken:
        is_half = (self.latitude is None) != (self.longitude is None)
        return broken("must be given together with longitude", code="missing") if is_half else ()
