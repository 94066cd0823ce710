"""Events as the rows of a table, and back."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, TypeAlias, cast, get_args

from mshg import codec
from mshg.errors import Problem, StoreError, ValidationError
from mshg.events import Event, ProviderActivity, Retracted
from mshg.store.checksums import checksum

MOST_SHOWN = 1_000
_KINDS = frozenset(get_args(Event))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
FIRST_US, END_US = -(2**63), 2**63 - 1

Row: TypeAlias = tuple[str, str | None, str | None, int, str]
"""One event: its id, its person's, that of what it retracts, its moment, and its document."""


class Stored(NamedTuple):
    """A row as it stands in the file: what is text as bytes, and anything where it is damaged."""

    seq: int
    id: bytes
    person_id: bytes | None
    target: bytes | None
    at_us: int
    checksum: int
    document: bytes

    @property
    def is_sound(self) -> bool:
        """Whether it is what was written."""
        try:
            return checksum(_content(self)) == self.checksum
        except TypeError:  # a damaged type
            return False

    def event(self) -> Event:
        """The event that was written.

        Raises
        ------
        StoreError
            It is damaged, or a version of mshg wrote it that this one can't read.
        """
        if not self.is_sound:
            raise StoreError(
                f"$.events[{self.seq}] is damaged: take the file from a backup, or copy what can"
                " be read with salvage"
            )
        try:
            return event_of(self.document.decode())
        except ValidationError:
            pass
        raise StoreError(f"$.events[{self.seq}] can't be read by this version of mshg")

    def __repr__(self) -> str:
        return "Stored(…)"


COLUMNS = "seq, id, person_id, target, at_us, checksum, document"


def decoded(found: bytes | None) -> str | None:
    """Text of a sound row; None where there is none."""
    return None if found is None else found.decode()


def _content(row: Stored) -> bytes:
    """What the checksum of a row is made of; `numbered` has it alike."""
    seq, event_id, person_id, target, at_us, _, document = row
    return b"%d\0%b\0%b\0%b\0%d\0%b" % (
        seq,
        event_id,
        person_id or b"",
        target or b"",
        at_us,
        document,
    )


def microseconds(at: datetime) -> int:
    """Microseconds since 1970 in UTC, exactly."""
    return (at - _EPOCH) // _MICROSECOND


def row_of(event: Event) -> Row:
    """The row of an event."""
    return (
        event.id,
        None if isinstance(event, ProviderActivity) else event.person_id,
        event.event_id if isinstance(event, Retracted) else None,
        microseconds(event.at),
        codec.dumps(event),
    )


def numbered(seq: int, row: Row) -> tuple[int, str, str | None, str | None, int, int, str]:
    """A row with its ordinal and its checksum, as the table has it."""
    event_id, person_id, target, at_us, document = row
    content = f"{seq}\0{event_id}\0{person_id or ''}\0{target or ''}\0{at_us}\0{document}"
    return seq, event_id, person_id, target, at_us, checksum(content.encode()), document


def rows_of(events: Iterable[Event]) -> list[Row]:
    """The rows of events, or what is wrong with them.

    Raises
    ------
    ValidationError
        What is no event, each with its place.
    """
    rows: list[Row] = []
    problems: list[Problem] = []
    for i, event in enumerate(events):
        if type(event) in _KINDS:
            rows.append(row_of(event))
        else:
            problems.append(Problem(f"$.events[{i}]", "must be an event", code="wrong_type"))
    if problems:
        raise ValidationError(problems)
    return rows


def event_of(document: str) -> Event:
    """The event of a document.

    Raises
    ------
    ValidationError
        A document that holds none.
    """
    model = codec.loads(document)
    if type(model) not in _KINDS:
        raise ValidationError([Problem("$", "must be an event", code="wrong_type")])
    return cast("Event", model)
