"""Which format a meeting list is in."""

import re
from collections.abc import Mapping
from typing import Any

from mshg.errors import FeedError
from mshg.feeds.sources import Source, decoded, raw
from mshg.feeds.tables import headers_of

FORMATS = ("meeting_guide", "bmlt", "csv", "naws", "google_sheet", "airtable", "ics", "hsds")
_LISTS = ("meetings", "contents", "services")
_SIGNS = {
    "bmlt": {"weekday_tinyint", "id_bigint"},
    "naws": {"committeename"},
    "hsds": {"schedules", "service_at_locations"},
}
_WEB_PAGE = re.compile(r"\s{0,99}<(?:!doctype|html|\?xml|[a-z])", re.IGNORECASE)


def sniff(source: Source | Mapping[str, Any]) -> str:
    r"""Name the format of a meeting list: the reader of it is ``feeds.read_`` and the name.

    Parameters
    ----------
    source
        What a reader takes. An open file is read to its end: give its text to the reader.

    Returns
    -------
    One of ``meeting_guide``, ``bmlt``, ``csv``, ``naws``, ``google_sheet``, ``airtable``, ``ics``,
    ``hsds``.

    Raises
    ------
    FeedError
        It is none of these, with what it looks like and what to do.

    Examples
    --------
    >>> from mshg import feeds
    >>> feeds.sniff('[{"name": "Noon", "slug": "noon", "day": 1, "time": "12:00"}]')
    'meeting_guide'
    >>> feeds.sniff("Name,Day,Time\nNoon,Monday,12:00")
    'csv'
    """
    found = raw(source, ("utf-8-sig", "cp1252"))
    if isinstance(found, str):
        text = found.lstrip()
        if not text:
            raise FeedError("the meeting list is empty")
        if text[:200].upper().startswith("BEGIN:VCALENDAR"):
            return "ics"
        if _WEB_PAGE.match(text):
            raise FeedError(
                "the meeting list is a web page or XML: look in the page for a link to its feed"
            )
        if text[0] not in "[{":
            return _of_table(headers_of(text))
        found = decoded(found)
    return _of_json(found)


def _of_table(heads: set[str]) -> str:
    if {"committeename", "day", "time"} <= heads:
        return "naws"
    if "weekday_tinyint" in heads:
        return "bmlt"
    if len(heads) < 2:
        raise FeedError("the meeting list is plain text: make a table of it, and call read_csv")
    return "csv"


def _of_json(found: object) -> str:
    if isinstance(found, Mapping):
        for key, name in (("values", "google_sheet"), ("records", "airtable")):
            if isinstance(found.get(key), list):
                return name
        found = _list_in(found)
    first = next((row for row in found if row), None) if isinstance(found, (list, tuple)) else None
    if isinstance(first, (list, tuple)):
        return "google_sheet"
    if not isinstance(first, Mapping):
        raise FeedError("the meeting list holds no rows that are objects")
    return _of_row(first, {str(key).strip().lower() for key in first})


def _list_in(found: Mapping[str, Any]) -> object:
    inner = next((found[key] for key in _LISTS if key in found), None)
    if inner is None and all(str(key).isdigit() for key in found):
        inner = list(found.values())
    if inner is None:
        kind = "GeoJSON" if "features" in found else "an object"
        raise FeedError(f"the meeting list is {kind} that holds no list a reader knows")
    return inner


def _of_row(row: Mapping[str, Any], heads: set[str]) -> str:
    """By the names of fields that only one format has."""
    if {"servicebodyid", "starttime", "formatids"} & heads:
        raise FeedError(
            "the meeting list is BMLT's administration API: ask the server for GetSearchResults, "
            "and call read_bmlt"
        )
    if "fields" in heads and isinstance(row.get("fields"), Mapping):
        return "airtable"
    for name, signs in _SIGNS.items():
        if signs & heads:
            return name
    is_guide = {"day", "time"} <= heads and bool({"slug", "name"} & heads)
    return "meeting_guide" if is_guide else "csv"
