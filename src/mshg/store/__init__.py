"""Where events are kept: SQLite by default, or a host's own store that keeps the same promises."""

from mshg.store.contracts import EventStore
from mshg.store.mentions import forget
from mshg.store.sqlite import SqliteEventStore

__all__ = ["EventStore", "SqliteEventStore", "forget"]
