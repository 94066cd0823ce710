"""When a sign of danger was, where the clock that dated it may have been wrong."""

from datetime import datetime, timedelta

from mshg.events._records import AnyEvent

_LATE = timedelta(days=365)
_DAY = timedelta(days=1)


def moment_of(event: AnyEvent) -> datetime:
    """Its own moment; that of recording where the two can't both be true.

    Nothing is recorded before it was, and a danger that is reported a year late is taken for a
    clock that was never set (judgment).
    """
    recorded = event.recorded_at
    if recorded is None or recorded - _LATE <= event.at <= recorded:
        return event.at
    return recorded


def is_clock_wrong(event: AnyEvent) -> bool:
    """Whether its moment is that of recording, and far from its own."""
    return abs(moment_of(event) - event.at) > _DAY
