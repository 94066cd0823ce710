"""Stretches of a week in which somebody is free."""

from collections.abc import Iterable
from datetime import time
from typing import Annotated, TypeAlias

from attrs import field, frozen

from mshg._checks import Broken, broken
from mshg._conversions import to_tuple
from mshg._fields import post_init, whole_within


def _clock(value: time | str) -> time:
    try:
        return time.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value  # type: ignore[return-value]  # refused by the check that follows


def _until(value: time | str) -> time:
    return time() if value == "24:00" else _clock(value)


@frozen(kw_only=True, repr=False)
class Window:
    """A stretch of every week in which a person is free, on their own clock.

    Parameters
    ----------
    weekday
        The day on which it begins, Monday 0 to Sunday 6.
    start, until
        Times of day, or text such as ``"18:30"``. A meeting fits if it starts at ``start`` or
        later and before ``until``. Where ``until`` is no later than ``start``, the window goes on
        past midnight and ends on the next day; ``"24:00"`` is the midnight at the end of the day.
    """

    weekday: Annotated[int, whole_within(0, 6)]
    start: time = field(converter=_clock)
    until: time = field(converter=_until)

    def __repr__(self) -> str:
        return "Window(…)"

    __attrs_post_init__ = post_init


WindowLike: TypeAlias = Window | tuple[int, time | str, time | str]


def to_windows(values: Iterable[WindowLike]) -> tuple[Window, ...]:
    """Take windows, or what can be made into one; the rest is left for `a_window` to refuse."""
    return tuple(map(_window, given)) if isinstance(given := to_tuple(values), tuple) else given


def _window(value: WindowLike) -> Window:
    if isinstance(value, (tuple, list)) and len(value) == 3:
        weekday, start, until = value
        try:
            return Window(weekday=weekday, start=start, until=until)
        except ValueError:
            pass  # left as it was, and refused by the check that follows
    return value  # type: ignore[return-value]


def a_window(value: object) -> Broken:
    """Being a window."""
    is_window = isinstance(value, Window)
    rule = "must be a Window, or (weekday, start, until) with Monday 0 and times as HH:MM"
    return () if is_window else broken(rule, code="wrong_type")
