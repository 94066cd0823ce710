"""Meetings: where, when and how a group meets, in wall time."""

from collections.abc import Iterable
from datetime import date, time, timedelta

from attrs import field, frozen

from mshg._checks import (
    Broken,
    boolean,
    broken,
    day,
    each,
    enforce,
    instance,
    line,
    name,
    number,
    one_of,
    optional,
    paragraphs,
    text,
    wall_time,
    whole,
    whole_minutes,
)
from mshg._conversions import to_float, to_frozenset, to_strings, to_tuple, to_word, to_words
from mshg.domain.vocabulary import MeetingFlag, MeetingMode

_WEEK_DAYS = 7


def _dates(value: Iterable[date]) -> frozenset[date]:
    return to_frozenset(value)


def _weeks(value: Iterable[int]) -> frozenset[int]:
    return to_frozenset(value)


def _every_week(start: time) -> time:
    """A time of each week is no first or second of two that a clock shows twice in a year."""
    return start.replace(fold=0) if isinstance(start, time) else start


def _nth_of_month(value: object) -> Broken:
    wrong = whole(value, -1, 5) or (broken("") if value == 0 else ())
    return broken("must be 1 to 5, or -1 for the last") if wrong else ()


@frozen(kw_only=True)
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

    every_weeks: int = 1
    anchor: date | None = None
    weeks_of_month: frozenset[int] = field(default=frozenset(), converter=_weeks)
    except_dates: frozenset[date] = field(default=frozenset(), converter=_dates)

    def __attrs_post_init__(self) -> None:
        every_weeks = whole(self.every_weeks, 1, 52)
        anchor = optional(day)(self.anchor)
        if not every_weeks and not anchor and self.every_weeks > 1 and self.anchor is None:
            anchor = broken("must be given where every_weeks is above 1")
        enforce(
            every_weeks=every_weeks,
            anchor=anchor,
            weeks_of_month=each(_nth_of_month, frozenset)(self.weeks_of_month),
            except_dates=each(day, frozenset)(self.except_dates),
        )

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


@frozen(kw_only=True)
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

    weekday: int
    start: time = field(converter=_every_week)
    duration: timedelta | None = None
    recurrence: Recurrence = WEEKLY

    def __attrs_post_init__(self) -> None:
        enforce(
            weekday=whole(self.weekday, 0, 6),
            start=wall_time(self.start),
            duration=optional(whole_minutes)(self.duration),
            recurrence=instance(Recurrence)(self.recurrence),
        )

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


@frozen(kw_only=True, repr=False)
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

    url: str | None = None
    url_notes: str | None = None
    phone: str | None = None
    phone_notes: str | None = None

    def __repr__(self) -> str:
        return "JoinInfo(…)"

    def __attrs_post_init__(self) -> None:
        url = optional(line)(self.url)
        if not url and (self.url, self.url_notes, self.phone, self.phone_notes) == (None,) * 4:
            url = broken("must be given, or one of the others")
        enforce(
            url=url,
            url_notes=optional(paragraphs)(self.url_notes),
            phone=optional(line)(self.phone),
            phone_notes=optional(paragraphs)(self.phone_notes),
        )


def _slots(value: Iterable[Slot]) -> tuple[Slot, ...]:
    return to_tuple(value)


def _mode(value: str) -> MeetingMode:
    return to_word(MeetingMode, value)


def _ordered_strings(value: Iterable[str]) -> tuple[str, ...]:
    return to_tuple(value)


def _flags(value: Iterable[MeetingFlag | str]) -> frozenset[MeetingFlag]:
    return to_words(MeetingFlag, value)


def _degrees(value: float | None) -> float | None:
    return None if value is None else to_float(value)


@frozen(kw_only=True)
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
        IANA name of the zone that ``slots`` are told in; None is not known. It is
        checked where zones are used, not here.
    mode
        How it can be attended.
    latitude, longitude
        Degrees north and east; both or neither.
    is_approximate
        Whether the coordinates are only those of a wider area, so that no distance can be told.
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
    join
        How to join from afar; neither shown nor written by the codec unless asked for by name.
    """

    id: str
    group: str
    name: str
    slots: tuple[Slot, ...] = field(default=(), converter=_slots)
    timezone: str | None = None
    mode: MeetingMode = field(default=MeetingMode.IN_PERSON, converter=_mode)
    latitude: float | None = field(default=None, converter=_degrees)
    longitude: float | None = field(default=None, converter=_degrees)
    is_approximate: bool = False
    tags: frozenset[str] = field(default=frozenset(), converter=to_strings)
    languages: frozenset[str] = field(default=frozenset(), converter=to_strings)
    location: str | None = None
    address: str | None = None
    regions: tuple[str, ...] = field(default=(), converter=_ordered_strings)
    url: str | None = None
    source_codes: tuple[str, ...] = field(default=(), converter=_ordered_strings)
    notes: str | None = field(default=None, repr=False)
    flags: frozenset[MeetingFlag] = field(default=frozenset(), converter=_flags)
    join_info: JoinInfo | None = field(default=None, repr=False)

    def __attrs_post_init__(self) -> None:
        latitude = optional(lambda v: number(v, -90, 90))(self.latitude)
        if not latitude and (self.latitude is None) != (self.longitude is None):
            latitude = broken("must be given together with longitude")
        enforce(
            id=text(self.id),
            group=name(self.group),
            name=line(self.name),
            slots=each(instance(Slot), tuple)(self.slots),
            timezone=optional(text)(self.timezone),
            mode=one_of(MeetingMode)(self.mode),
            latitude=latitude,
            longitude=optional(lambda v: number(v, -180, 180))(self.longitude),
            is_approximate=boolean(self.is_approximate),
            tags=each(name, frozenset)(self.tags),
            languages=each(text, frozenset)(self.languages),
            location=optional(line)(self.location),
            address=optional(line)(self.address),
            regions=each(line, tuple)(self.regions),
            url=optional(line)(self.url),
            source_codes=each(text, tuple)(self.source_codes),
            notes=optional(paragraphs)(self.notes),
            flags=each(one_of(MeetingFlag), frozenset)(self.flags),
            join_info=optional(instance(JoinInfo))(self.join_info),
        )
