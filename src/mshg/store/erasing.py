"""Removing a person from the tables."""

from typing import NamedTuple

from mshg.store.connections import Connection
from mshg.store.erasure import redaction
from mshg.store.names import Name
from mshg.store.queries import Ledger, account_of, delete_row, rewrite_row, scan, whole
from mshg.store.reports import ErasureReport, Mention
from mshg.store.rows import Stored


class Erasure(NamedTuple):
    """What became of an erasure."""

    report: ErasureReport
    damaged: tuple[int, ...]
    """Ordinals of damaged events that may still hold a mention: they can't be written anew."""
    saw_all: bool
    """Whether all events were found that there should be."""


def erase(connection: Connection, person_id: str) -> Erasure:
    """Remove a person's events and states, and their mention."""
    name, ledger, asked = Name(person_id), Ledger(), person_id.encode()
    removed = 0
    replaced: list[Mention] = []
    alike: list[Mention] = []
    damaged: list[int] = []
    written, found_count, found_digest = whole(connection), 0, 0
    for row in scan(connection):  # without an index, which could be damaged
        found_count += 1
        found_digest ^= row.checksum if isinstance(row.checksum, int) else 0
        if row.person_id == asked:
            removed += connection.run("DELETE FROM events WHERE seq = ?", (row.seq,))
        elif not _may_name(row, name):
            continue
        elif not row.is_sound:
            damaged.append(row.seq)
        else:
            found = redaction(row.event(), person_id, name)
            event_id = row.id.decode()
            replaced += (Mention(event_id=event_id, field=field) for field in found.replaced)
            alike += (Mention(event_id=event_id, field=field) for field in found.alike)
            if found.event is None:
                removed += 1
                delete_row(connection, ledger, row)
            elif found.replaced:
                rewrite_row(connection, ledger, row, found.event)
    _close_account(connection, person_id)
    ledger.settle(connection)
    return Erasure(
        ErasureReport(removed, replaced=tuple(replaced), alike=tuple(alike)),
        tuple(damaged),
        saw_all=(found_count, found_digest) == written and _is_sound(connection),
    )


def _is_sound(connection: Connection) -> bool:
    """Whether no index can hold what its table does not; it costs as much as writing it anew."""
    return connection.rows("PRAGMA integrity_check(1)") == [(b"ok",)]


def _may_name(row: Stored, name: Name) -> bool:
    document = row.document
    return isinstance(document, bytes) and name.may_be_in(document.decode(errors="replace"))


def _close_account(connection: Connection, person_id: str) -> None:
    """Take the person out of the accounts, whatever their account says."""
    ledger = Ledger()
    count, digest = account_of(connection, person_id)
    ledger.change(person_id, -count, digest)
    ledger.settle(connection)
    connection.run("DELETE FROM people WHERE person_id = ?", (person_id,))
    connection.run("DELETE FROM states WHERE person_id = ?", (person_id,))
