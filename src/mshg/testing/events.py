"""Strategies for events, whole histories and the states they leave."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Annotated, Any, get_args, get_origin

from attrs import NOTHING, fields
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from mshg.events import (
    CheckIn,
    ConsentChange,
    ConsentChanged,
    Event,
    PersonState,
    Question,
    replay,
)
from mshg.testing.strategies import NAMES, TEXTS

_KINDS: tuple[type, ...] = get_args(Event)
_OFFSETS = st.integers(-12 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
_MOMENTS = st.builds(
    lambda minutes, offset: datetime(2000, 1, 1, tzinfo=offset) + timedelta(minutes=minutes),
    st.integers(0, 100 * 365 * 24 * 60),
    _OFFSETS,
)
_IDS = st.integers(0, 30).map(lambda i: f"e{i}")
_SCALES = st.integers(0, 10).map(float) | st.floats(0, 10)


def events(
    *,
    person_id: str | None = None,
    kinds: Collection[type["Event"]] | None = None,
    ids: SearchStrategy[str] = TEXTS,
    moments: SearchStrategy[datetime] = _MOMENTS,
) -> SearchStrategy["Event"]:
    """Events of any kind.

    Parameters
    ----------
    person_id
        Whom those about a person are about; anybody where not given.
    kinds
        Classes to draw from; all of them where not given.
    ids
        What ids are drawn from, and what events name other events and people by.
    moments
        What moments are drawn from: date and time with an offset.
    """
    who = TEXTS if person_id is None else st.just(person_id)
    drawn = {
        kind: _of_kind(kind, who, ids, moments) for kind in (_KINDS if kinds is None else kinds)
    }
    return st.sampled_from(sorted(drawn, key=lambda kind: kind.__name__)).flatmap(drawn.__getitem__)


def histories(
    *,
    person_id: str = "p1",
    kinds: Collection[type["Event"]] | None = None,
    ids: SearchStrategy[str] = _IDS,
    max_size: int = 20,
) -> SearchStrategy[list["Event"]]:
    """Lists of events of one person, in any order, ids distinct, retractions among them.

    Moments lie close together, some of them at the same time, and events speak of one another.
    """
    moments = st.builds(
        lambda minutes, offset: datetime(2026, 1, 1, tzinfo=offset) + timedelta(minutes=minutes),
        st.integers(0, 24 * 60 * 90 // 240).map(lambda q: q * 240),
        st.sampled_from([timezone(timedelta(hours=h)) for h in (-11, 0, 13)]),
    )
    return st.lists(
        events(person_id=person_id, kinds=kinds, ids=ids, moments=moments),
        unique_by=lambda event: event.id,
        max_size=max_size,
    )


def person_states() -> SearchStrategy[PersonState]:
    """States that histories leave."""
    return histories().map(replay)


def _of_kind(
    kind: Any,
    who: SearchStrategy[str],
    ids: SearchStrategy[str],
    moments: SearchStrategy[datetime],
) -> SearchStrategy[Any]:
    by_name = {"at": moments, "recorded_at": st.none() | moments, "person_id": who, "id": ids}
    given = {
        f.name: by_name[f.name] if f.name in by_name else _field(f, ids, moments)
        for f in fields(kind)
    }
    if kind is CheckIn:
        return st.fixed_dictionaries(given).flatmap(_check_in)
    if kind is ConsentChanged:
        return st.fixed_dictionaries(given).map(_consent)
    return st.builds(kind, **given)


@st.composite
def _check_in(draw: st.DrawFn, drawn: dict[str, Any]) -> CheckIn:
    """Each question answered, declined, left unanswered or not asked."""
    fate = {q: draw(st.sampled_from(["answered", "declined", "open", "unasked"])) for q in Question}
    silent: dict[str, Any] = {q.value: None for q in Question if fate[q] != "answered"}
    is_abstinent = fate[Question.ABSTINENT] == "answered" and drawn["abstinent"]
    days = draw(st.none() | st.integers(0, 400)) if is_abstinent else None
    since = None if days is None else drawn["at"].date() - timedelta(days)
    return CheckIn(
        **{
            **drawn,
            **silent,
            "abstinent_since": since,
            "declined": [q for q in Question if fate[q] == "declined"],
            "unanswered": [q for q in Question if fate[q] == "open"],
        }
    )


def _consent(drawn: dict[str, Any]) -> ConsentChanged:
    if drawn["change"] is ConsentChange.GIVEN:
        drawn = {**drawn, **{n: drawn[n] or n for n in ("discloser", "recipient", "purpose")}}
    return ConsentChanged(**drawn)


def _field(
    attribute: Any, ids: SearchStrategy[str], moments: SearchStrategy[datetime]
) -> SearchStrategy[Any]:
    name, kind = attribute.name, attribute.type
    if name.endswith("_id") or name == "by":
        return ids if attribute.default is NOTHING else st.none() | ids
    return _of_type(kind, name, moments)


def _of_type(kind: Any, name: str, moments: SearchStrategy[datetime]) -> SearchStrategy[Any]:
    origin, args = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _of_type(args[0], name, moments).filter(lambda value: not args[1].check(value))
    if type(None) in args:
        return st.none() | _of_type(args[0], name, moments)
    if origin is tuple:
        return st.lists(NAMES, min_size=1, max_size=3, unique=True)
    if origin is frozenset:
        return st.frozensets(st.sampled_from(args[0]), max_size=2)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return st.sampled_from(kind)
    plain: Mapping[type, SearchStrategy[Any]] = {
        str: st.sampled_from(["aa", "na", "smart"]) if name == "group" else TEXTS,
        bool: st.booleans(),
        int: st.integers(1, 60) if name == "covers_days" else st.integers(0, 12),
        float: _SCALES,
        date: st.dates(date(2025, 1, 1), date(2027, 12, 31)),
        datetime: moments,
    }
    return plain[kind]
