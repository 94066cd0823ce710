"""Which format a meeting list is in."""

import re
from collections.abc import Mapping
from typing import Any

from mshg.errors import FeedError
from mshg.feeds.sources import Source, decoded, raw
from mshg.feeds.tables import headers_of

FORMATS = ("meeting_guide", "bmlt", "csv", "naws", "google_sheet", "airtable", "ics", "hsds")
_WEB_PAGE = re.compile(r"\s{0,99}<(?:!doctype|html|\?xml|[a-z])", re.IGNORECASE)


def sniff(source: Source | Mapping[str, Any]) -> str:
    """Name the format of a meeting list: the reader of it is ``feeds.read_`` and the name.

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
    >>> feeds.sniff("Name,Day,Time\\nNoon,Monday,12:00")
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
    if len(heads) < 2:  # noqa: PLR2004
        raise FeedError("the meeting list is plain text: make a table of it, and call read_csv")
    return "csv"


def _of_json(found: object) -> str:
    if isinstance(found, Mapping):
        if isinstance(found.get("values"), list):
            return "google_sheet"
        if isinstance(found.get("records"), list):
            return "airtable"
        inner = next((found[k] for k in ("meetings", "contents", "services") if k in found), None)
        if inner is None and all(str(key).isdigit() for key in found):
            inner = list(found.values())
        if inner is None:
            kind = "GeoJSON" if "features" in found else "an object"
            raise FeedError(f"the meeting list is {kind} that holds no list a reader knows")
        found = inner
    first = next((row for row in found if row), None) if isinstance(found, (list, tuple)) else None
    if isinstance(first, (list, tuple)):
        return "google_sheet"
    if not isinstance(first, Mapping):
        raise FeedError("the meeting list holds no rows that are objects")
    heads = {str(key).strip().lower() for key in first}
    if {"weekday_tinyint", "id_bigint"} & heads:
        return "bmlt"
    if "fields" in heads and isinstance(first.get("fields"), Mapping):
        return "airtable"
    if "committeename" in heads:
        return "naws"
    if {"schedules", "service_at_locations"} & heads:
        return "hsds"
    if {"slug", "day", "time"} <= heads or {"name", "day", "time"} <= heads:
        return "meeting_guide"
    if {"weekday", "servicebodyid", "starttime", "formatids"} & heads:
        raise FeedError(
            "the meeting list is BMLT's administration API: ask the server for GetSearchResults, and "
            "call read_bmlt"
        )
    return "csv"
