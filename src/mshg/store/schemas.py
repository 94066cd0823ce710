"""The tables of a store's file, and how a file is known as one."""

from mshg.errors import StoreError
from mshg.store.connections import Connection

APPLICATION_ID = 0x6D736867  # "mshg"
VERSION = 2  # before the first release, a file of another version is refused

TABLES: tuple[str, ...] = (
    # target: the event that a retraction retracts. at_us: microseconds since 1970 in UTC.
    # checksum: of all the others.
    """CREATE TABLE events (
        seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, person_id TEXT, target TEXT,
        at_us INTEGER NOT NULL, checksum INTEGER NOT NULL, document TEXT NOT NULL)""",
    "CREATE INDEX events_of_a_person ON events (person_id)",
    "CREATE INDEX retractions ON events (person_id, target) WHERE target IS NOT NULL",
    # Of each person's events, how many there are and the digest of their checksums; '' stands for
    # nobody. mark: a checksum of the id.
    """CREATE TABLE people (
        person_id TEXT PRIMARY KEY, mark INTEGER NOT NULL, count INTEGER NOT NULL,
        digest INTEGER NOT NULL) WITHOUT ROWID""",
    # seq: the last event that the state has taken in; count and digest: of all of them.
    """CREATE TABLE states (
        person_id TEXT PRIMARY KEY, seq INTEGER NOT NULL, version TEXT NOT NULL,
        count INTEGER NOT NULL, digest INTEGER NOT NULL, checksum INTEGER NOT NULL,
        document TEXT NOT NULL)""",
    # Of all events together; how often the file was to be written anew, and how often it was.
    """CREATE TABLE whole (
        count INTEGER NOT NULL, digest INTEGER NOT NULL, rewrites_asked INTEGER NOT NULL,
        rewrites_done INTEGER NOT NULL)""",
    # Whose erasure was begun, until their events are gone. Damage must erase nobody: the checksum
    # is of the table's name, too.
    """CREATE TABLE erasing (
        person_id TEXT PRIMARY KEY, checksum INTEGER NOT NULL) WITHOUT ROWID""",
    # Exports that were begun: files that are removed if their writer is gone. Alike.
    "CREATE TABLE parts (path BLOB PRIMARY KEY, checksum INTEGER NOT NULL) WITHOUT ROWID",
)
_CONTENT = "INSERT INTO whole VALUES (0, 0, 0, 0)"


def is_new(connection: Connection) -> bool:
    """Whether a file is an empty database, and not a store yet.

    It is asked within a transaction: else another process may make the tables between two answers.

    Raises
    ------
    StoreError
        A file of another program, of another version than this, or whose tables are damaged.
    """
    application, version, tables = (
        connection.rows(query)[0][0]
        for query in (
            "PRAGMA application_id",
            "PRAGMA user_version",
            "SELECT count(*) FROM sqlite_master",
        )
    )
    if application == version == tables == 0:
        return True
    if application != APPLICATION_ID:
        raise StoreError("the file is another program's database; nothing was changed")
    if version > VERSION:
        raise StoreError("the file is of a newer version of mshg; nothing was changed")
    if version < VERSION:
        raise StoreError(
            "the file is of a version of mshg before the first release; nothing was changed."
            " Export its events with that version and import the lines"
        )
    query = "SELECT sql FROM sqlite_master WHERE sql NOT NULL"
    if {sql for (sql,) in connection.rows(query)} != {sql.encode() for sql in TABLES}:
        raise StoreError("the file is damaged: its tables are not those of a store")
    return False


def make(connection: Connection) -> None:
    """Make the tables, within a transaction that writes."""
    for statement in (*TABLES, _CONTENT):
        connection.run(statement)
    connection.run(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.run(f"PRAGMA user_version = {VERSION}")
