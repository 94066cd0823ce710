"""Events as the rows of a table, and back."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TypeAlias, cast, get_args

from mshg import codec
from mshg.errors import Problem, ValidationError
from mshg.events import Event, ProviderActivity, Retracted

MOST_TOLD = 1_000
_KINDS = frozenset(get_args(Event))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
FIRST_US, END_US = -(2**63), 2**63 - 1


Row: TypeAlias = tuple[str, str | None, str | None, int, str]
"""One event: its id, its person's, that of what it retracts, its moment, and its document."""

Document: TypeAlias = tuple[str, str, int, str]
"""An event's id, its person's, its moment in microseconds, and its document."""


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
    noun = codec.loads(document)
    if type(noun) not in _KINDS:
        raise ValidationError([Problem("$", "must be an event", code="wrong_type")])
    return cast("Event", noun)
