"""What every record repeats, and the rules that its fields keep.

The rules are taken from the fields' types.
"""

from datetime import datetime
from typing import Annotated, Any, TypeAlias

from attrs import frozen

from mshg._checks import Broken, broken, offset_of, repeated
from mshg._conversions import by_annotation
from mshg._fields import check, whole_within, within

MOST = 1_000_000_000
Rating: TypeAlias = Annotated[float, within(0, 10)]
Amount: TypeAlias = Annotated[float, within(0, MOST)]
Score: TypeAlias = Annotated[float, within(-MOST, MOST)]
Count: TypeAlias = Annotated[int, whole_within(0, MOST)]


def declared(kind: type, found: list[Any]) -> list[Any]:
    """Fields with the conversions of their types; what any event may leave out stands last."""
    converted = by_annotation(kind, found)
    compared = [a.evolve(eq_key=_same_moment) if a.type in _MOMENTS else a for a in converted]
    return sorted(compared, key=lambda a: a.name in ("recorded_at", "source"))


_MOMENTS = (datetime, datetime | None)


def _same_moment(value: object) -> object:
    """What two moments are compared by: the offset counts, since the day depends on it."""
    return (value, offset_of(value)) if isinstance(value, datetime) else value


class Record:
    """A record is checked when it is made, and shows nothing of what it holds."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    def __attrs_post_init__(self) -> None:
        check(self)


@frozen(kw_only=True, repr=False, field_transformer=declared)
class AnyEvent(Record):
    """Something that happened.

    Parameters
    ----------
    id
        Unique among all events of the host.
    at
        When it happened, with an offset; a day is the calendar day in that offset.
    recorded_at
        When it was written down.
    source
        By whom or what, as the host likes.
    """

    id: str
    at: datetime
    recorded_at: datetime | None = None
    source: str | None = None


@frozen(kw_only=True, repr=False, field_transformer=declared)
class PersonEvent(AnyEvent):
    """Something that happened to a person.

    Parameters
    ----------
    person_id
        The host's id of whom it is about.
    """

    person_id: str


def some_once(names: tuple[str, ...]) -> Broken:
    """One at least, and each once."""
    if not names:
        return broken("must not be empty", code="blank")
    return repeated(names)
