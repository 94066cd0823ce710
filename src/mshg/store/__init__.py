"""Where events are kept: SQLite by default, or a host's own store that keeps the same promises."""

from mshg.store.erasure import is_same_record, redact_person
from mshg.store.protocols import EventStore
from mshg.store.reports import ErasureReport, Mention, SalvageReport
from mshg.store.sqlite import SqliteEventStore

__all__ = [
    "ErasureReport",
    "EventStore",
    "Mention",
    "SalvageReport",
    "SqliteEventStore",
    "is_same_record",
    "redact_person",
]
