"""Single values of a row, read where their meaning is certain; None where it is not."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any
from zoneinfo import available_timezones

from mshg._checks import Broken, broken
from mshg._zones import zone_problems
from mshg.domain import MeetingMode
from mshg.feeds.masks import words

_YES_OR_NO = dict.fromkeys(("yes", "y", "true", "1"), True)
_YES_OR_NO |= dict.fromkeys(("no", "n", "false", "0"), False)
_LONGEST_CODE = 10**18
_LONGEST_LINK = 2_000
_LONGEST_ZONE = 64
# An abbreviation is the same offset all year in the database, which is not what a list means by
# it, and the others are whatever a machine is set to.
_NO_ZONES = frozenset({"EST", "MST", "HST", "localtime", "posixrules", "Factory"})
_COPIES = ("posix/", "right/")
_HOST = re.compile(r"https?://([^\s/?#@:\\\[\]]+)\.?(?::\d{1,5})?(?=[/?#]|$)", re.IGNORECASE)
_TEL = re.compile(r"tel:\+?[\d().,;*#-]{3,60}", re.IGNORECASE)
_DIALABLE = re.compile(r"[0-9,+#]")
_LEAST_DIALABLE = 10

_LONGEST_ADDRESS = 500
_ADDRESS_PARTS = 4  # street, city, state, country
_AFAR = re.compile(
    r"[\s\W]{0,9}(?:(?:via|on|the|this|meeting|is|meets|held)\s){0,4}"
    r"(?:on-?line|virtual(?:ly)?|zoom|tele-?phone|phone|internet|web(?:ex)?|skype|whatsapp|conference\scall"
    r"|cyber-?space|en\sl[i\u00ed]nea|en\sligne)\b",
    re.IGNORECASE,
)
_AREA_CODE = re.compile(r"[A-Z]{0,2}\s?\d{4,6}(?:-\d{3,4})?", re.IGNORECASE)
_POINT_CODE = re.compile(
    # Postal codes of a few houses: of the UK, Canada, Ireland and the Netherlands.
    r"\b(?:[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|[A-Z]\d[A-Z]\s?\d[A-Z]\d|[AC-FHKNPRTV-Y]\d[\dW]\s?[\dA-Z]{4}"
    r"|\d{4}\s[A-Z]{2})\b"
)
_CROSSING = re.compile(
    r"(?<![\w.])[A-Z0-9][\w.'-]{1,30}(?:\s[\w.'-]{1,20}){0,2}\s(?i:&|and|@|at|near)\s[A-Z0-9][\w.'-]{1,30}"
)
_TOWN_AFTER_CODE = re.compile(
    # In these lands a postal code goes before the town, and houses have no numbers that long.
    r"(?:germany|deutschland|austria|\u00f6sterreich|switzerland|schweiz|suisse|france|spain|espa\u00f1a"
    r"|italy|italia|belgium|belgi\u00eb|belgique|denmark|danmark|sweden|sverige|norway|norge|finland"
    r"|suomi|poland|polska|portugal|czechia)\.?$",
    re.IGNORECASE,
)
_LONG_NUMBER = re.compile(r"\b\d{3}\s?\d{2}\b|\b\d{4}(?:-\d{3})?\b", re.ASCII)
_POSTAL_CODE = re.compile(
    r"^\d{4,6}(?:-\d{3,4})?$"
    r"|\b[A-Z]{2}\.?\s+\d{5}(?:-\d{4})?$"  # IL 62701
    r"|\b[A-Z]\d[A-Z]\s?\d[A-Z]\d$"  # T5J 1B6
    r"|\b[A-Z]{1,2}\d[A-Z\d]?(?:\s?\d[A-Z]{2})?$"  # SW1A 1AA, SE1
)
_OF_A_STREET = re.compile(
    r"^\d{1,3}[a-z]?\s|\w\s(?:street|road|avenue|lane|drive|boulevard|highway|st|rd|ave|ln|dr|blvd"
    r"|hwy|crescent|cres|court|ct|place|pl|square|sq|terrace|terr?|close|parkway|pkwy|row|mews|gardens"
    r"|grove|quay|pike|plaza|way|walk|alley|circle|cir|bridge|parade|stra\u00dfe|strasse)\b\.?(?:\s[nesw]{1,2})?$",
    re.IGNORECASE,
)

PROVIDERS = words("providers")
_KNOWN = frozenset(PROVIDERS)
_LETS_IN = re.compile(r"[?&#](?:pwd|pw|password|passcode|pass|tk)=|/j/\d{9,11}\b", re.IGNORECASE)


def is_empty(value: object) -> bool:
    """Whether a field holds nothing; WordPress writes false for that, too."""
    if value is None or value is False:
        return True
    if isinstance(value, str):
        return not value or value.isspace()
    return isinstance(value, (list, tuple, dict)) and not value


def code(value: object) -> str | None:
    """A code or an id as text; lists give some as whole numbers."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LONGEST_CODE:
        return str(value)
    return None


def yes_or_no(value: object) -> bool | None:
    """A switch, which lists write as a bool, as 0 or 1, or as a word."""
    if isinstance(value, bool):
        return value
    return _YES_OR_NO.get((code(value) or "").lower())


def degrees(latitude: object, longitude: object) -> tuple[float, float] | None:
    """Latitude and longitude as numbers; None for 0, 0 and what is out of range."""
    try:
        north, east = _number(latitude), _number(longitude)
    except (ValueError, OverflowError):
        return None
    in_range = -90 <= north <= 90 and -180 <= east <= 180
    return (north, east) if in_range and (north or east) else None


def _number(value: object) -> float:
    if isinstance(value, str) and "_" not in value:  # float() takes 1_0 for ten
        return float(value.replace(",", ".", 1))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    raise ValueError


def link(value: str | None) -> str | None:
    """A link that is safe to follow: http, https or tel, on one line, without credentials.

    A provider's address is taken for one without its scheme.
    """
    if value is None or len(value) > _LONGEST_LINK or len(value.split()) != 1:
        return None
    value = value.strip()
    if _TEL.fullmatch(value) or _HOST.match(value):
        return value
    return f"https://{value}" if "://" not in value and joins(f"https://{value}") else None


_CUT_LINK = re.compile(
    r"(?:zoom|zoomgov)\.(?:us|com)/?(?:[jsw]|my|wc|wc/join)?/?(?:[?#]|$)", re.IGNORECASE
)
_SCHEME = re.compile(
    r"^h?t{1,3}ps?(?::{1,2}|;)?\s{0,3}/{1,3}\s{0,3}(?=[\w-]{1,63}\.)", re.IGNORECASE
)
_GAP_IN_LINK = re.compile(
    r"((?:zoom|zoomgov)\.(?:us|com)\s{0,3}/\s{0,3}(?:[jsw]|my)\s{0,3}/?)\s{1,3}"
    r"(\d{3}(?:[ -]?\d){6,8})(?!\d)",
    re.IGNORECASE,
)
_SPACED_ID = re.compile(
    r"((?:zoom|zoomgov)\.(?:us|com)/[jsw]/)(\d{3}[ -]\d{3,4}[ -]\d{3,5})(?!\d)", re.IGNORECASE
)
_RUN_ON = re.compile(
    r"((?:zoom|zoomgov)\.(?:us|com)/[jsw]/\d{9,11})(?=[A-Za-z(\[,;])[A-Za-z]{0,60}", re.IGNORECASE
)
_GLUED = re.compile(r"(?<=[\w/=])(?=https?://)", re.IGNORECASE)
_BARE = re.compile(r"[ -]")


def mended(text: str) -> str:
    """Text in which links to join that were damaged on the way are whole again.

    A space before or in the number of a meeting goes, words run on behind it stand apart, and a
    scheme that is misspelled is put right. A link that has lost its number stays as it is.
    """
    text = _GLUED.sub(" ", _SCHEME.sub(_right_scheme, text))
    if "zoom" in text.lower():
        text = _GAP_IN_LINK.sub(
            lambda m: _BARE.sub("", m[1]).rstrip("/") + "/" + _BARE.sub("", m[2]), text
        )
        text = _SPACED_ID.sub(lambda m: m[1] + _BARE.sub("", m[2]), text)
        text = _RUN_ON.sub(lambda m: f"{m[1]} {m[0][len(m[1]) :]}", text)
    return text


def _right_scheme(found: re.Match[str]) -> str:
    is_secure = found[0].lower().startswith(("https", "ttps", "htps", "httts", "htttps"))
    return "https://" if is_secure else "http://"


def joins(url: str | None) -> bool:
    """Whether a link leads to a meeting at a known provider of online meetings."""
    if url and _CUT_LINK.search(url):
        return False  # the number of the meeting is lost
    found = _HOST.match(url) if url else None
    parts = found[1].lower().split(".") if found else []
    return any(".".join(parts[i:]) in _KNOWN for i in range(len(parts)))


def lets_in(url: str) -> bool:
    """Whether a link carries a passcode, or the id of a meeting as Zoom's links do."""
    return _LETS_IN.search(url) is not None


def mode(*, is_online: bool, has_place: bool) -> MeetingMode:
    """How a meeting can be attended, by what there is."""
    if has_place:
        return MeetingMode.HYBRID if is_online else MeetingMode.IN_PERSON
    return MeetingMode.ONLINE if is_online else MeetingMode.INACTIVE


def dials(phone: str | None) -> bool:
    """Whether a phone field holds enough to dial."""
    return phone is not None and len(_DIALABLE.findall(phone)) >= _LEAST_DIALABLE


def is_afar(address: object) -> bool:
    """Whether an address says that there is none to go to."""
    return isinstance(address, str) and _is_afar(address[:_LONGEST_ADDRESS])


@lru_cache(maxsize=4096)
def _is_afar(address: str) -> bool:
    return _AFAR.match(address) is not None


def has_street(address: object) -> bool:
    """Whether an address tells more than a town: a house, a street, or as many parts as those do.

    A postal code is no number of a house.
    """
    return isinstance(address, str) and not is_afar(address) and _has_street(address)


@lru_cache(maxsize=4096)
def _has_street(address: str) -> bool:
    parts = [p.strip() for p in address[:_LONGEST_ADDRESS].split(",") if p.strip()]
    codes = sum(_AREA_CODE.fullmatch(part) is not None for part in parts)
    if len(parts) >= _ADDRESS_PARTS + codes:  # a town with commas around its code is no street
        return True
    if _POINT_CODE.search(address):
        return True
    if parts and _TOWN_AFTER_CODE.match(parts[-1]):
        parts[0] = _LONG_NUMBER.sub("", parts[0]).strip()
    has_number = any(c.isdigit() for part in parts[:1] for c in _POSTAL_CODE.sub("", part))
    is_crossing = bool(parts) and _CROSSING.search(parts[0]) is not None
    return has_number or is_crossing or any(_OF_A_STREET.search(part) for part in parts)


def is_point_code(text: object) -> bool:
    """Whether a postal code is one of a few houses, as in the UK."""
    return isinstance(text, str) and _POINT_CODE.fullmatch(text.strip().upper()) is not None


def is_street(text: object) -> bool:
    """Whether a field for a street holds one: all that is no town with its state, nor online."""
    is_stated = isinstance(text, str) and not is_empty(text) and not is_afar(text)
    return is_stated and ("," not in str(text) or has_street(text))


def zone_name(value: object) -> object:
    """The name of a zone as the database spells it: America/new york is America/New_York."""
    if not isinstance(value, str) or len(value) > _LONGEST_ZONE or not zone(value.strip()):
        return value.strip() if isinstance(value, str) else value
    return _zones_in_lower_case().get("_".join(value.lower().split()), value)


@cache
def _zones_in_lower_case() -> Mapping[str, str]:
    return {name.lower(): name for name in available_timezones()}


def zone(value: object) -> Broken:
    """Nothing if it is the name of a time zone."""
    if not isinstance(value, str) or not 0 < len(value.strip()) <= _LONGEST_ZONE:
        return broken(
            "must be the IANA name of a time zone, such as America/New_York", code="malformed"
        )
    if value.strip() in _NO_ZONES or value.strip().startswith(_COPIES):
        return broken(
            "must be a time zone that knows of summer time, such as America/New_York",
            code="malformed",
        )
    return zone_problems(value.strip())


def listed(value: object) -> list[Any] | None:
    """A list; where one was filtered, PHP writes an object that counts its places."""
    if isinstance(value, dict) and value and all(str(key).isdigit() for key in value):
        return list(value.values())
    return list(value) if isinstance(value, (list, tuple)) else None


def first(row: Mapping[str, Any], *keys: str) -> Any:
    """The first of several fields that holds something, or None."""
    for key in keys:
        value = row.get(key)
        if not is_empty(value):
            return value
    return None
