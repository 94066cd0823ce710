"""Where events are kept: SQLite by default, or a host's own store that keeps the same promises."""

from mshg.store.erasure import redact_person
from mshg.store.protocols import EventStore
from mshg.store.sqlite import SqliteEventStore

__all__ = ["EventStore", "SqliteEventStore", "redact_person"]
