"""The tables of a store's file, and how a file of an earlier version becomes one of this."""

import sqlite3

from mshg.errors import StoreError

APPLICATION_ID = 0x6D736867  # "mshg"

# The n-th makes version n of version n - 1; version 0 is an empty database. Never change one
# that was released: add another.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        # target: the event that a retraction retracts. at_us: microseconds since 1970 in UTC.
        """CREATE TABLE events (
            seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, person_id TEXT, target TEXT,
            at_us INTEGER NOT NULL, document TEXT NOT NULL)""",
        "CREATE INDEX events_of_a_person ON events (person_id)",
        "CREATE INDEX retractions ON events (person_id, target) WHERE target IS NOT NULL",
        # seq: the last event of the person's that the state has taken in.
        """CREATE TABLE states (
            person_id TEXT PRIMARY KEY, seq INTEGER NOT NULL, version TEXT NOT NULL,
            document TEXT NOT NULL)""",
        # A state that was read before somebody was erased must not be kept after it.
        "CREATE TABLE erasures (count INTEGER NOT NULL)",
        "INSERT INTO erasures VALUES (0)",
    ),
)
VERSION = len(MIGRATIONS)


def version_of(connection: sqlite3.Connection) -> int:
    """The version of a store's file; 0 where it is empty.

    It is asked within a transaction: else another process may make the tables between two answers.

    Raises
    ------
    StoreError
        A file of another program, or of a newer version than this.
    """
    application, version, tables = (
        connection.execute(query).fetchone()[0]
        for query in (
            "PRAGMA application_id",
            "PRAGMA user_version",
            "SELECT count(*) FROM sqlite_master",
        )
    )
    if application == APPLICATION_ID and version > VERSION:
        raise StoreError("the file is of a newer version of mshg; nothing was changed")
    if application == APPLICATION_ID and version > 0:
        return int(version)
    if application == version == tables == 0:
        return 0
    raise StoreError("the file is another program's database; nothing was changed")


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a file to this version, step by step, within a transaction that writes."""
    for statements in MIGRATIONS[version_of(connection) :]:
        for statement in statements:
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
