"""Copying what a damaged file still holds."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from mshg.errors import StoreError
from mshg.events import Event
from mshg.store.checksums import mark
from mshg.store.connections import Connection, Refused
from mshg.store.queries import Ledger, noted, whole
from mshg.store.reports import SalvageReport
from mshg.store.rows import COLUMNS, Stored, decoded

_AT_ONCE = 1_000
_MOST_TRIED = 1_000_000  # ordinals looked up one by one where the table can't be walked through
_IDS = "SELECT seq, id FROM events INDEXED BY sqlite_autoindex_events_1 ORDER BY id"
_OF_PEOPLE = "SELECT seq, NULL FROM events INDEXED BY events_of_a_person ORDER BY person_id"
_PEOPLE = "SELECT person_id, mark, count, digest FROM people ORDER BY person_id"


def salvage(connection: Connection, keep: Callable[[list[Event]], object]) -> SalvageReport:
    """Hand on every event that can be read, and say what can't."""
    ids = _known(connection)
    ledger = Ledger()
    kept: set[bytes] = set()
    lost: dict[int, bytes | None] = {}
    rows = _sound(_rows(connection, ids), ids, ledger, kept, lost)
    while batch := list(islice(rows, _AT_ONCE)):
        keep(batch)
    lost |= {seq: event_id for seq, event_id in ids.items() if event_id not in kept}
    named = {text for found in lost.values() if found not in kept and (text := _text(found))}
    return SalvageReport(
        events=len(kept),
        lost=tuple(sorted(named)),
        lost_without_id=max(0, _count(connection) - len(kept) - len(named)),
        people=_affected(connection, ledger),
    )


def to_be_erased(connection: Connection) -> list[str]:
    """Whose erasure was begun and not ended, as far as that can be read."""
    try:
        return [person.decode() for person in noted(connection, "erasing")]
    except Refused:
        return []


def _sound(
    rows: Iterator[Stored],
    ids: dict[int, bytes | None],
    ledger: Ledger,
    kept: set[bytes],
    lost: dict[int, bytes | None],
) -> Iterator[Event]:
    for row in rows:
        try:
            event = row.event() if row.is_sound and row.id not in kept else None
        except StoreError:  # of a version that this one can't read
            event = None
        if event is None:
            lost[row.seq] = ids.get(row.seq) or row.id
            continue
        kept.add(row.id)
        ledger.change(decoded(row.person_id), 1, row.checksum)
        yield event


def _known(connection: Connection) -> dict[int, bytes | None]:
    """Ordinals of events that an index names, most with their id."""
    found: dict[int, bytes | None] = {}
    for query in (_OF_PEOPLE, _IDS):
        for order in ("", " DESC"):
            for seq, event_id in _until_refused(connection, query + order):
                if isinstance(seq, int) and (event_id is None or isinstance(event_id, bytes)):
                    found[seq] = event_id or found.get(seq)
    return found


def _rows(connection: Connection, ids: dict[int, bytes | None]) -> Iterator[Stored]:
    """Rows from the start as far as they can be read, from the end, and one by one between."""
    seen: set[int] = set()
    ends: list[int] = []
    for comparison, order, beyond in ((">", "", -(2**63)), ("<", " DESC", 2**63 - 1)):
        query = (
            f"SELECT {COLUMNS} FROM events NOT INDEXED WHERE seq {comparison} ?"
            f" ORDER BY seq{order} LIMIT ?"
        )
        seq, at_once, is_over = beyond, _AT_ONCE, False
        while not is_over:
            try:
                found = [Stored(*row) for row in connection.rows(query, (seq, at_once))]
                is_over = len(found) < at_once
            except Refused:
                is_over, at_once, found = at_once == 1, 1, []
            new = [row for row in found if row.seq not in seen]
            seen.update(row.seq for row in new)
            yield from new
            seq = found[-1].seq if found else seq
        ends.append(seq)
    between = range(ends[0] + 1, min(ends[1], ends[0] + _MOST_TRIED))
    for seq in sorted({*ids, *between} - seen):
        query = f"SELECT {COLUMNS} FROM events NOT INDEXED WHERE seq = ?"
        for row in _until_refused(connection, query, (seq,)):
            if row[0] not in seen:
                seen.add(row[0])
                yield Stored(*row)


def _affected(connection: Connection, ledger: Ledger) -> tuple[str, ...]:
    """People whose account is not that of their events that were copied."""
    copied = ledger.accounts()
    whole_people: set[str] = set()
    affected: set[str] = set()
    for order in ("", " DESC"):
        for person, marked, *account in _until_refused(connection, _PEOPLE + order):
            text = _text(person)
            if text is None or mark(text.encode()) != marked:
                continue
            is_whole = tuple(account) == copied.get(text)
            (whole_people if is_whole else affected).add(text)
    return tuple(sorted(({*copied} | affected) - whole_people - {""}))


def _count(connection: Connection) -> int:
    try:
        return whole(connection)[0]
    except (Refused, StoreError):
        return 0


def _until_refused(
    connection: Connection, query: str, values: tuple[object, ...] = ()
) -> Iterator[tuple[Any, ...]]:
    """What a query finds before it meets damage."""
    try:
        yield from connection.each(query, values, at_once=1)
    except Refused:
        return


def _text(found: object) -> str | None:
    try:
        return found.decode() if isinstance(found, bytes) else None
    except UnicodeDecodeError:
        return None
