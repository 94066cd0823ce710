"""Time zones by name, checked where they are used."""

from functools import lru_cache
from zoneinfo import ZoneInfo

from mshg._checks import Broken, broken
from mshg.errors import ZoneDataError


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
    return broken("must be the IANA name of a time zone, such as America/New_York")


def _is_known(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, malformed, or a folder's name
        return False
    return True
