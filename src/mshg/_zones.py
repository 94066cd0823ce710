"""Time zones by name, checked where they are used."""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from mshg._checks import Broken, broken
from mshg.errors import ZoneDataError

_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=1024)
def zone_problems(name: str) -> Broken:
    """Nothing if the machine's database knows the zone.

    Raises
    ------
    ZoneDataError
        The machine has no database at all.
    """
    if _is_known(name):
        return ()
    if not _is_known("UTC"):
        raise ZoneDataError("there is no time zone database here; install mshg[tz]")
    return broken(
        "must be the IANA name of a time zone, such as America/New_York", code="malformed"
    )


def _is_known(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, malformed, or a folder's name
        return False
    return True


@lru_cache(maxsize=4096)
def offsets(name: str, first: datetime, last: datetime) -> tuple[tuple[datetime, timedelta], ...]:
    """From which moment on which offset from UTC holds, between two moments in UTC.

    The first entry stands at ``first``. A zone is asked once a day, so of two changes within a
    day that cancel each other nothing is seen; no zone is known to have had such.
    """
    zone = ZoneInfo(name)
    known = [(first, _offset(zone, first))]
    while True:
        before, offset = known[-1]
        day = before
        while day < last and _offset(zone, day) == offset:
            day += timedelta(1)
        if _offset(zone, day) == offset:
            return tuple(entry for entry in known if entry[0] <= last)
        earlier = max(before, day - timedelta(1))
        while day - earlier > _SECOND:
            middle = earlier + (day - earlier) // _SECOND // 2 * _SECOND
            earlier, day = (middle, day) if _offset(zone, middle) == offset else (earlier, middle)
        known.append((day, _offset(zone, day)))


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None  # noqa: S101 (a zone always has one)
    return offset
