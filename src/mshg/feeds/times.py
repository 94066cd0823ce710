"""Days of the week and times of the day, read where their meaning is certain; None where not."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import time, timedelta
from functools import lru_cache

from mshg.feeds.values import code, listed

DAY = timedelta(days=1)
_DAYS = 7
_HALF_DAY = timedelta(hours=12)
LONGEST_NIGHT = timedelta(hours=6)
"""The longest that a meeting with a start and an end is taken to last (judgment)."""
_LONGEST_SLIP = timedelta(hours=3)
"""The longest that an end half a day off may make it (judgment)."""

# Monday to Sunday in English, Spanish, French, German, Portuguese, Italian and Dutch, without
# accents; no day's name in one is another day's in the next.
WEEKS = (
    "monday tuesday wednesday thursday friday saturday sunday",
    "lunes martes miercoles jueves viernes sabado domingo",
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "montag dienstag mittwoch donnerstag freitag samstag sonntag",
    "segunda-feira terca-feira quarta-feira quinta-feira sexta-feira sabado domingo",
    "lunedi martedi mercoledi giovedi venerdi sabato domenica",
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
)
_SHORT = (
    *("mon tue wed thu fri sat sun", "mo tu we th fr sa su", "- tues weds thur", "- - - thurs"),
    "segunda terca quarta quinta sexta",
)
_DAY_NAMES = {name: i for week in (*WEEKS, *_SHORT) for i, name in enumerate(week.split())}
del _DAY_NAMES["-"]
_MANY_DAYS = {
    **dict.fromkeys(("daily", "every day", "everyday", "7 days a week"), range(7)),
    "weekdays": range(5),
    "weekends": range(5, 7),
}
_BETWEEN_DAYS = re.compile(r"\s{0,9}[,;/&|+]\s{0,9}|\s{1,9}(?:and|y|et|und|e|en)\s{1,9}")
_DAYS_TO = re.compile(r"([a-z]{2,13})\.?\s?(?:-|\u2013|to|through|thru)\s?([a-z]{2,13})")

_24_HOURS = re.compile(
    r"([01]\d|2[0-3]|0(?=:))[:.]?([0-5]\d)(?::[0-5]\d(?:\.0{1,6})?)?(?:\s?(?:h|hrs|uhr))?"
    r"|(\d):([0-5]\d):[0-5]\d"  # nobody writes seconds on a clock of twelve hours
    r"|([01]?\d|2[0-3])\s?h\s?([0-5]\d)?",
    re.ASCII,
)
_12_HOURS = re.compile(
    r"(0?[1-9]|1[0-2])(?:[:.]([0-5]\d))?(?::00)?\s?([ap])(?:\.?\s?m)?\.?", re.ASCII
)
_EITHER_HALF = re.compile(r"([1-9])[:.]([0-5]\d)", re.ASCII)
_NOON = frozenset({"noon", "12:00 noon", "12 noon"})
_MIDNIGHT = frozenset({"24:00", "24:00:00", "midnight", "12 midnight", "12:00 midnight"})
_TO = re.compile(r"\s?(?:-|\u2013|\bto\b)\s?")
_LENGTH = re.compile(r"(\d{1,3}):(\d\d)(?::[0-5]\d(?:\.0{1,6})?)?", re.ASCII)
_MINUTES = re.compile(r"(\d{1,4})(?:\s?min(?:ute)?s?\.?)?", re.ASCII)
_HOURS = r"h(?:rs?|ours?|oras?|eures?)?|std|stunden?|ore|ora|uur|uren|timmar|timme"
_IN_WORDS = re.compile(
    rf"(?:(?P<hours>\d{{1,2}}(?:[.,]\d{{1,2}})?)\s?(?:{_HOURS})\.?)?(?:\s?(?:,|&|and|y|et|und))?\s?"
    r"(?:(?P<minutes>\d{1,3})\s?(?:m(?:ins?|inute[ns]?|inutos|inuti)?\.?)?)?",
    re.ASCII,
)
_SAID = {
    "one and a half hours": "1.5 hours",
    "an hour and a half": "1.5 hours",
    "1 1/2": "1.5",
    "1\u00bd": "1.5",
    "2 1/2": "2.5",
    "half an hour": "30 min",
    "half hour": "30 min",
    "an hour": "1 hour",
    "one hour": "1 hour",
    "two hours": "2 hours",
    "one": "1",
    "two": "2",
    "ninety": "90",
    "sixty": "60",
}
_LONGEST_TEXT = 100
_BETWEEN_TIMES = re.compile(r"[;\n]|\s/\s")
_DAY_AND_TIME = re.compile(
    r"(?P<days>[^\W\d][^\d]{1,60}?)[\s,:@\u2013-]{0,4}(?:\bat\s|\bfrom\s|\ba\slas\s|\bum\s|@)?\s{0,3}"
    r"(?P<time>(?:\d|noon\b|midnight\b|12).{0,60})",
    re.IGNORECASE | re.DOTALL,
)
_SHORTEST_SPAN = len("7-8pm")
_BARE_HOUR = re.compile(r"0?[1-9]|1[0-2]", re.ASCII)
_NO_HALF = re.compile(r"(0?[1-9]|1[0-2])[:.]([0-5]\d)", re.ASCII)


def without_accents(text: str) -> str:
    """Text in lower case, its letters without accents."""
    text = text.lower()
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def weekdays(value: object, *, sunday: int) -> tuple[int, ...] | None:
    """Days of a list that counts from ``sunday``, or that names them, with Monday 0."""
    if isinstance(value, str):
        return _weekdays_in(value[: 2 * _LONGEST_TEXT], sunday)
    return _all_weekdays(value, sunday)


@lru_cache(maxsize=1024)
def _weekdays_in(text: str, sunday: int) -> tuple[int, ...] | None:
    return _all_weekdays(text, sunday)


def _all_weekdays(value: object, sunday: int) -> tuple[int, ...] | None:
    days = listed(value) or [value]
    if len(days) == 1 and isinstance(days[0], str):
        days = _BETWEEN_DAYS.split(without_accents(days[0][:_LONGEST_TEXT]).strip(" \"'[],;"))
    found = [_weekdays(day, sunday) for day in days]
    if not found or None in found:
        return None
    return tuple(dict.fromkeys(day for some in found if some is not None for day in some))


def _weekdays(value: object, sunday: int) -> tuple[int, ...] | None:
    text = without_accents((code(value) or "")[:_LONGEST_TEXT]).strip(" .\"'").removesuffix(".0")
    if text in _MANY_DAYS:
        return tuple(_MANY_DAYS[text])
    if text.isascii() and text.isdigit() and len(text) == 1:
        number = int(text) - sunday
        return ((number - 1) % 7,) if 0 <= number < _DAYS else None
    text = text.removeprefix("every ").removesuffix(" only")
    to = _DAYS_TO.fullmatch(text)
    first, last = (_named(to[1]), _named(to[2])) if to else (None, None)
    if first is not None and last is not None:
        return tuple((first + i) % _DAYS for i in range((last - first) % _DAYS + 1))
    days = [_named(name) for name in text.split()]
    return None if not days or None in days else tuple(day for day in days if day is not None)


def _named(name: str) -> int | None:
    return _DAY_NAMES.get(name, _DAY_NAMES.get(name.removesuffix("s")))


def _words(value: object) -> str:
    text = code(value) or ""
    return " ".join(text.lower().split()) if len(text) <= _LONGEST_TEXT else ""


def clock(value: object) -> time | None:
    """A time of day: 19:30, 19:30:00, 1930, 19h30, 7:30 PM, noon. 7:30 alone may be either half."""
    return _clock(_words(value))


@lru_cache(maxsize=4096)
def _clock(text: str) -> time | None:
    if text in _NOON:
        return time(12)
    if whole := _24_HOURS.fullmatch(text):
        hour, minute = whole[1] or whole[3] or whole[5], whole[2] or whole[4] or whole[6]
        return time(int(hour), int(minute or 0))
    if half := _12_HOURS.fullmatch(text):
        return time(int(half[1]) % 12 + (12 if half[3] == "p" else 0), int(half[2] or 0))
    return None


def early_half(value: object) -> time | None:
    """A time such as 7:30, which may be either half of the day, as the early one."""
    found = _EITHER_HALF.fullmatch(_words(value))
    return time(int(found[1]), int(found[2])) if found else None


def end(value: object) -> time | None:
    """The time at which something ends, midnight too; `length` settles which half of the day."""
    found = time() if _words(value) in _MIDNIGHT else clock(value)
    return early_half(value) if found is None else found


def span(value: object) -> tuple[object, object]:
    """A start and an end in one text, each as it can be read; else the value and nothing.

    In "7-8:15PM" the end tells the half of the day of the start, and a bare hour is a time.
    """
    text = _words(value)
    first, *others = _TO.split(text) if len(text) >= _SHORTEST_SPAN else (text,)
    if len(others) != 1:
        return value, None
    start, until = _full_hour(first.strip()), _full_hour(others[0].strip())
    is_late = clock(until) is not None
    half = _NO_HALF.fullmatch(start)
    if half and is_late and _12_HOURS.fullmatch(until):
        early = time(int(half[1]) % 12, int(half[2]))
        found = start_before(early, clock(until))
        is_certain = found is not None and (start != first or clock(start) is not None)
        return (f"{found:%H:%M}" if is_certain else start, until)
    begin, half = clock(start), _NO_HALF.fullmatch(until)
    if half and begin is not None and _12_HOURS.fullmatch(start):
        hours = (int(half[1]) % 12, int(half[1]) % 12 + 12)
        ends = (time(hour, int(half[2])) for hour in hours)
        until = f"{min(ends, key=lambda e: _between(begin, e) or DAY):%H:%M}"
        return start, until
    if clock(start) is not None and (is_late or end(until) is not None):
        return start, until
    return (start, until) if is_late and end(start) is not None else (value, None)


def _full_hour(text: str) -> str:
    """A bare hour as a time of a clock of twelve hours: 7 is 7:00."""
    return f"{int(text)}:00" if _BARE_HOUR.fullmatch(text) else text


def with_days(value: object) -> list[tuple[tuple[int, ...], str]] | None:
    """Days and times in one text: "Wednesday @ 6:00pm - 7:00pm", "Mon & Thu 12:00; Sat 9am".

    None where one of its parts is not such a text.
    """
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
        return None
    parts = [part.strip() for part in _BETWEEN_TIMES.split(value) if part.strip()]
    found: list[tuple[tuple[int, ...], str]] = []
    for part in parts:
        split = _DAY_AND_TIME.fullmatch(part)
        days = weekdays(split["days"].strip(" ,:@-"), sunday=0) if split else None
        if split is None or days is None:
            return None
        found.append((days, split["time"]))
    return found or None


def start_before(early: time, until: time | None) -> time | None:
    """The half of the day in which a start comes shortly before a certain end."""
    late = early.replace(hour=early.hour + 12)
    lengths = {s: _between(s, until) for s in (early, late)} if until is not None else {}
    return next((s for s, found in lengths.items() if timedelta(0) < found <= _LONGEST_SLIP), None)


def is_on_24_hours(values: Iterable[object]) -> bool:
    """Whether times of a list show that it is written on a 24-hour clock, and none otherwise."""
    is_late = False
    for written in (part for value in values for part in span(value)):
        if _12_HOURS.fullmatch(_words(written)):
            return False
        found = clock(written)
        is_late |= found is not None and found > time(12, 59)
    return is_late


def _between(start: time, until: time) -> timedelta:
    minutes = 60 * (until.hour - start.hour) + until.minute - start.minute
    return timedelta(minutes=minutes) % DAY


def is_midnight(value: object) -> bool:
    """Whether a text says midnight in so many words, rather than as 00:00."""
    return _words(value) in _MIDNIGHT


def length(start: time, until: time, *, is_midnight: bool = False) -> tuple[timedelta | None, bool]:
    """How long, past midnight too, and whether the end's half of the day was assumed.

    An end of 00:00 stands for none in many lists, unless it comes soon, or ``is_midnight`` says
    that it is meant.
    """
    found = _between(start, until)
    if until == time() and found >= _LONGEST_SLIP and not is_midnight:
        return None, False
    if timedelta(0) < found <= LONGEST_NIGHT:
        return found, False
    if until < start and timedelta(0) < found - _HALF_DAY <= _LONGEST_SLIP:
        return found - _HALF_DAY, True
    return None, False


def duration(value: object) -> timedelta | None:
    """A length as H:MM or H:MM:SS, from a minute to a day."""
    found = _LENGTH.fullmatch(_words(value))
    if found is None or (int(found[2]) >= 60 and int(found[1])):
        return None
    lasts = timedelta(hours=int(found[1]), minutes=int(found[2]))
    return lasts if timedelta(0) < lasts <= DAY else None


def minutes(value: object) -> timedelta | None:
    """A length in minutes, as a number or in words ("1hr 30mins"), from a minute to a day."""
    text = _words(code(value))
    found = _MINUTES.fullmatch(text)
    lasts = timedelta(minutes=int(found[1])) if found else _in_words(text)
    return lasts if timedelta(0) < lasts <= DAY else None


def _in_words(text: str) -> timedelta:
    """A length in hours and minutes; nothing where it is none."""
    for words, number in _SAID.items():
        text = text.replace(words, number)
    found = _IN_WORDS.fullmatch(text)
    if found is None:
        return timedelta(0)
    hours = float((found["hours"] or "0").replace(",", "."))
    return timedelta(minutes=round(60 * hours) + int(found["minutes"] or 0))
