"""Open Referral's Human Services Data Specification (HSDS 3), as directories publish it.

https://docs.openreferral.org describes it. A service at a location is a meeting; its schedules are
the slots. A schedule's time zone is a fixed offset there, so the zone of the whole list is taken.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from attrs import evolve

from mshg.domain import MeetingFlag, MeetingMode, Recurrence, Slot
from mshg.errors import FeedError
from mshg.feeds import rows, times, values
from mshg.feeds.masking import Redact, redact_text
from mshg.feeds.reports import FeedReport
from mshg.feeds.rows import Layout, Row
from mshg.feeds.sources import Source, decoded, raw
from mshg.feeds.type_codes import meaning_of

_DAYS = {name: i for i, name in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))}
_DAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
_ADDRESS = ("address_1", "address_2", "city", "state_province", "postal_code", "country")
_LISTS = ("contents", "services", "service", "data")
LAYOUT = Layout(
    id_key="id",
    name_key="name",
    known=frozenset(
        (
            *("id", "name", "description", "alternate_name", "status", "url", "schedules"),
            *("languages", "location", "attributes", "eligibility_description", "last_modified"),
            *("assured_date", "organization_id", "program_id", "organization", "program"),
            "service_at_locations",
        )
    ),
    contacts=frozenset(("email", "phones", "contacts")),
)


def read_hsds(
    source: Source | Mapping[str, Any],
    *,
    group: str,
    default_timezone: str,
    redact: Redact | None = redact_text,
) -> FeedReport:
    """Read meetings in HSDS 3, as 211s and directories of services publish them.

    Parameters
    ----------
    source
        JSON as text or bytes, a `pathlib.Path` or an open file, or what it decodes to: services as
        a list, or an object that holds them as ``contents`` (a page of the API) or ``services``.
        A service at several locations is a row for each.
    group
        Id of the group whose meetings they are.
    default_timezone
        IANA name of their zone: HSDS tells an offset only, which can't know of summer time.
    redact
        As in `read_meeting_guide`.

    Raises
    ------
    FeedError
        It is no such list, a file that can't be read, or the group or zone is malformed. A single
        bad row never raises: it is in ``rejected``.
    ZoneDataError
        The machine has no time zone database.

    Examples
    --------
    >>> from mshg import feeds
    >>> service = {"id": "s1", "name": "Noon", "status": "active", "schedules": [
    ...     {"freq": "WEEKLY", "byday": "TU", "opens_at": "19:00", "closes_at": "20:00"}]}
    >>> report = feeds.read_hsds([service], group="smart", default_timezone="UTC")
    >>> (report.meetings + report.inactive)[0].slots[0].weekday
    1
    """
    rows.check(group, default_timezone, redact)
    found = decoded(raw(source))
    if isinstance(found, Mapping):
        found = next((found[key] for key in _LISTS if isinstance(found.get(key), list)), None)
    if not isinstance(found, (list, tuple)):
        raise FeedError("the meeting list must be a list of HSDS services, or a page of them")

    def read(row: Row) -> dict[str, Any]:
        return _fields(row, default_timezone)

    return rows.read_rows(_flat(found), read, layout=LAYOUT, group=group, redact=redact)


def _flat(services: Iterable[object]) -> Iterator[object]:
    """A row for each service, or for each of its locations."""
    for service in services:
        places = service.get("service_at_locations") if isinstance(service, Mapping) else None
        if not isinstance(service, Mapping) or not isinstance(places, list) or not places:
            yield service
            continue
        for place in places:
            stated = place if isinstance(place, Mapping) else {}
            own = {key: stated[key] for key in ("location", "schedules") if stated.get(key)}
            apart = {"id": stated["id"]} if len(places) > 1 and stated.get("id") else {}
            yield {**service, **own, **apart}


def _fields(row: Row, zone: str) -> dict[str, Any]:
    location = row.fields.get("location")
    place: Mapping[str, Any] = location if isinstance(location, Mapping) else {}
    status = row.fields.get("status")
    url = place.get("url") or row.fields.get("url")
    is_virtual = place.get("location_type") == "virtual"
    if is_virtual:
        row.fields = {**row.fields, "url": None, "join": url}
    join_url = row.join_link("join") if is_virtual else None
    address = _address(place)
    mode = _mode(status, is_online=is_virtual, has_place=bool(address or place.get("name")))
    latitude, longitude = rows.coordinates(row, mode, place.get("latitude"), place.get("longitude"))
    row.flags |= {MeetingFlag.TIMEZONE_ASSUMED, MeetingFlag.MODE_ASSUMED}
    languages = (_text(entry, "code", "name") for entry in _listed(row.fields.get("languages")))
    labels = (_text(entry, "label", "name") for entry in _listed(row.fields.get("attributes")))
    meanings = [meaning_of(None, label) for label in labels if label]
    name = row.line("name")
    notes = row.notes("description", "eligibility_description")
    place_name, place_address = (
        row.cleaner.line(text, names=row.names, is_address=is_address).text
        for text, is_address in ((place.get("name"), False), (address, True))
    )
    return {
        "id": row.id(values.code(row.fields.get("id")) or "", ".id"),
        "name": name or "",
        "slots": tuple(_slots(row)),
        "timezone": zone,
        "mode": mode,
        "latitude": latitude,
        "longitude": longitude,
        "location": place_name,
        "address": place_address,
        "tags": frozenset().union(*(m.tags for m in meanings)),
        "languages": frozenset().union(
            *(meaning_of(None, t).languages or _tag(t) for t in languages if t)
        ),
        "url": row.link("url"),
        "notes": notes,
        "join_info": row.join(join_url, None, None, None),
    }


def _mode(status: object, *, is_online: bool, has_place: bool) -> MeetingMode:
    if isinstance(status, str) and status.strip().lower() not in ("", "active"):
        return MeetingMode.INACTIVE
    return values.mode(is_online=is_online, has_place=has_place and not is_online)


def _address(place: Mapping[str, Any]) -> str:
    first = next((a for a in _listed(place.get("addresses")) if isinstance(a, Mapping)), {})
    return ", ".join(part for key in _ADDRESS if (part := values.code(first.get(key))))


def _listed(value: object) -> list[Any]:
    return values.listed(value) or []


def _text(entry: object, *keys: str) -> str | None:
    if isinstance(entry, str):
        return entry
    found = values.first(entry, *keys) if isinstance(entry, Mapping) else None
    return found if isinstance(found, str) else None


def _tag(text: str) -> frozenset[str]:
    return frozenset({text.lower()}) if re.fullmatch(r"[A-Za-z]{2,3}", text) else frozenset()


def _slots(row: Row) -> Iterator[Slot]:
    for i, schedule in enumerate(_listed(row.fields.get("schedules"))):
        if not isinstance(schedule, Mapping):
            row.refuse(f".schedules[{i}]", "must be an object")
            continue
        start = times.clock(_clock(schedule.get("opens_at")))
        days = [m for d in _days(schedule) if (m := _DAY.fullmatch(d))]
        if start is None or not days:
            row.refuse(f".schedules[{i}]", "must have byday, and opens_at as HH:MM")
            continue
        until = times.end(_clock(schedule.get("closes_at")))
        lasts = None if until is None else times.length(start, until)[0]
        for day in days:
            yield _slot(row, schedule, day, start, lasts)


def _slot(
    row: Row, schedule: Mapping[str, Any], day: re.Match[str], start: Any, lasts: timedelta | None
) -> Slot:
    slot = Slot(weekday=_DAYS[day[2]], start=start, duration=lasts)
    freq = str(schedule.get("freq") or "WEEKLY").upper()
    interval = values.code(schedule.get("interval")) or "1"
    if freq == "MONTHLY" and day[1] and interval == "1":
        return evolve(slot, recurrence=Recurrence(weeks_of_month={max(int(day[1]), -1)}))
    if freq != "WEEKLY" or interval != "1":
        row.flags.add(MeetingFlag.MAY_NOT_BE_WEEKLY)
    return slot


def _days(schedule: Mapping[str, Any]) -> list[str]:
    given = schedule.get("byday")
    parts = given.split(",") if isinstance(given, str) else _listed(given)
    return [part.strip().upper() for part in parts if isinstance(part, str)]


def _clock(value: object) -> object:
    """A time without the offset that stands behind it."""
    return (
        re.sub(r"(?<=\d)(?:Z|[+-]\d\d:?\d\d)$", "", value.strip())
        if isinstance(value, str)
        else value
    )
