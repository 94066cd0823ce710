"""Looking at everything once."""

from collections.abc import Iterator

from mshg.errors import Problem, StoreError
from mshg.events import METHOD_VERSION, replay
from mshg.store.checksums import mark
from mshg.store.connections import Connection
from mshg.store.queries import Ledger, check_row, history, kept_state, scan, whole
from mshg.store.rows import decoded


def problems_of(connection: Connection) -> list[Problem]:
    """What is wrong with the events, the accounts of people and the states that are kept."""
    ledger = Ledger()
    problems = []
    for row in scan(connection):
        problems += check_row(row)
        if not problems:
            ledger.change(decoded(row.person_id), 1, row.checksum)
    problems += [] if problems else _accounts(connection, ledger)
    return problems or list(_states(connection))


def _accounts(connection: Connection, ledger: Ledger) -> list[Problem]:
    stated = ledger.accounts()
    problems = []
    query = "SELECT person_id, mark, count, digest FROM people ORDER BY person_id"
    for i, (person, marked, *account) in enumerate(connection.each(query)):
        try:
            is_sound = mark(person) == marked
        except TypeError:
            is_sound = False
        if not is_sound:
            problems.append(
                Problem(f"$.people[{i}]", "is damaged: its checksum does not match", code="damaged")
            )
        elif tuple(account) != stated.pop(person.decode(), None):
            problems.append(
                Problem(f"$.people[{i}]", "has other events than were recorded", code="damaged")
            )
    if stated and not problems:
        problems.append(Problem("$.people", "do not name everybody who has events", code="damaged"))
    if not problems and whole(connection) != ledger.total():
        problems.append(Problem("$.events", "are not all there", code="damaged"))
    return problems


def _states(connection: Connection) -> Iterator[Problem]:
    query = "SELECT person_id FROM states WHERE version = ?"
    for i, (person,) in enumerate(connection.rows(query, (METHOD_VERSION,))):
        try:
            person_id = person.decode()
            kept, seq, _ = kept_state(connection, person_id)
            rows = history(connection, person_id)
        except (AttributeError, UnicodeDecodeError, StoreError):
            kept, seq, rows = None, 0, []
        if kept is None or kept != replay(row.event() for row in rows if row.seq <= seq):
            yield Problem(f"$.states[{i}]", "is not what the events come to", code="conflict")
