"""Up to when things are known: a day or a moment, meaning the same in every package."""

from datetime import date, datetime, timedelta
from typing import Any, cast

from attrs import frozen

from mshg._checks import broken, enforce, offset_of, whole

EPOCH = date(1970, 1, 1)
FIRST_DAY = (date.min - EPOCH).days
LAST_DAY = (date.max - EPOCH).days


@frozen
class Cutoff:
    """The last day that counts and, where a moment was given, the last moment."""

    day: date
    moment: datetime | None

    def includes(self, at: datetime) -> bool:
        """Whether something of that moment stands: by its own calendar day, or by the moment."""
        return at.date() <= self.day if self.moment is None else at <= self.moment


def to_cutoff(as_of: object) -> Cutoff:
    """What ``as_of`` means: with a day, that whole day counts; with a moment, all until then.

    Raises
    ------
    ValidationError
        As `day_number`.
    """
    moment = as_of if isinstance(as_of, datetime) else None
    return Cutoff(to_day(as_of), moment)


def to_day(as_of: object) -> date:
    """The calendar day of what `day_number` takes."""
    return EPOCH + timedelta(day_number(as_of))


def day_number(as_of: object) -> int:
    """Days since 1970-01-01 of a day given as such a number, a date, an aware moment or datetime64.

    A moment's day is the calendar day in its own offset, as with events.

    Raises
    ------
    ValidationError
        It is none of these, or a moment without an offset.
    """
    if isinstance(as_of, datetime):
        as_of = None if offset_of(as_of) is None else as_of.date()
    if isinstance(as_of, date):
        as_of = (as_of - EPOCH).days
    elif type(as_of).__name__ == "datetime64":  # by name, so that events need no NumPy
        as_of = int(cast("Any", as_of).astype("datetime64[D]").astype("int64"))
    rule = "must be a date, an aware datetime or a number of days since 1970-01-01"
    enforce(as_of=whole(as_of, FIRST_DAY, LAST_DAY) and broken(rule, code="wrong_type"))
    return int(cast("int", as_of))
