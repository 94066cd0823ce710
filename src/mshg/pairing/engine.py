"""Pairing people with supporters: the one place that checks, encodes, calls and wraps."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mshg._arrays import Indices
from mshg._checks import Broken, broken, enforce, instance, optional, under
from mshg._requests import PairingRequest
from mshg.domain import SupporterProfile
from mshg.errors import Problem, ProblemCode, ValidationError
from mshg.pairing.kernels import Flat, blocking, deferred_acceptance
from mshg.pairing.parameters import (
    DEFAULT_PARAMETERS,
    Constraint,
    PairingParameters,
)
from mshg.pairing.results import Lapsed, Pair, Pairing, PairingArrays
from mshg.pairing.sides import FIRST_LIST, LONGER, Sides, encode, longer, own_spots
from mshg.wording import Wording
from mshg.wording import load as load_wording

MOST_SHOWN = 100
_NUMBER = "must be -1 or a supporter's number, below {}"
ROWS_AT_ONCE = 4_096


def match_arrays(
    candidates: ArrayLike,
    supporter_scores: ArrayLike,
    capacities: ArrayLike,
    *,
    held: ArrayLike | None = None,
) -> PairingArrays:
    """Match people to supporters by deferred acceptance, people proposing.

    The matching is stable: no person and supporter would both rather have each other. Of all
    stable ones it is the one in which every person does best (Gale & Shapley, American
    Mathematical Monthly 69, 1962).

    Parameters
    ----------
    candidates
        Supporters by number (n, l), each person's best first; -1 is skipped.
    supporter_scores
        How each of these supporters likes that person (n, l), higher is better; of equal ones, the
        lower row comes first. What stands beside a -1 is not read.
    capacities
        Places of each supporter (m,), whole numbers from 0.
    held
        Supporter whom each person has already (n,), -1 for none. They keep their place, and nobody
        takes it.

    Raises
    ------
    ValidationError
        Arrays of other shapes or kinds, a supporter twice in a row, a number out of range, NaN, or
        more people held than there are places. All of it, by row.

    Examples
    --------
    Two people want supporter 0, who likes the second better and has one place:

    >>> from mshg import pairing
    >>> found = pairing.match_arrays([[0, 1], [0, 1]], [[0.2, 0.5], [0.9, 0.5]], [1, 1])
    >>> found.supporter.tolist(), found.place.tolist(), found.load.tolist()
    ([1, 0], [1, 0], [1, 1])
    """
    lists, scores, room, kept = _as_arrays(candidates, supporter_scores, capacities, held=held)
    n, length = lists.shape
    start = np.arange(n, dtype=np.intp) * length
    stop = start + length
    is_kept = kept >= 0
    load = np.bincount(kept[is_kept], minlength=len(room))
    free = np.where(is_kept, start, stop)
    flat = Flat(lists.ravel(), scores.ravel(), start, free)
    supporter, spot = deferred_acceptance(flat, room - load)
    place = np.where(supporter >= 0, spot - start, -1)
    if is_kept.any():
        supporter[is_kept] = kept[is_kept]
        is_own = lists[is_kept] == kept[is_kept][:, None]
        place[is_kept] = np.where(is_own.any(axis=1), is_own.argmax(axis=1), -1)
    return PairingArrays(
        supporter=supporter,
        place=place,
        load=np.bincount(supporter[supporter >= 0], minlength=len(room)),
    )


def blocking_pairs(
    candidates: ArrayLike, supporter_scores: ArrayLike, capacities: ArrayLike, supporter: ArrayLike
) -> Indices:
    """Pairs who would both rather have each other than what they have.

    Parameters
    ----------
    candidates, supporter_scores, capacities
        As in `match_arrays`.
    supporter
        Whom each person has (n,), -1 for nobody. Someone whose supporter is not on their list
        prefers all who are, and is liked least by the one they have.

    Returns
    -------
    numpy.ndarray
        Person and supporter (k, 2), by person and then by place on their list; empty where the
        matching is stable.

    Raises
    ------
    ValidationError
        As in `match_arrays`.

    Examples
    --------
    >>> from mshg import pairing
    >>> lists, scores = [[0, 1], [0, 1]], [[0.2, 0.5], [0.9, 0.5]]
    >>> pairing.blocking_pairs(lists, scores, [1, 1], [0, 1]).tolist()
    [[1, 0]]
    """
    lists, scores, room, at = _as_arrays(
        candidates, supporter_scores, capacities, supporter=supporter
    )
    start = np.arange(len(lists), dtype=np.intp) * lists.shape[1]
    flat = Flat(lists.ravel(), scores.ravel(), start, start + lists.shape[1])
    found = blocking(flat, room, at)
    return np.stack(found, axis=1)


def match(
    requests: Iterable[PairingRequest],
    supporters: Iterable[SupporterProfile],
    *,
    as_of: date,
    keep: Iterable[Pair | tuple[str, str]] = (),
    parameters: PairingParameters = DEFAULT_PARAMETERS,
    wording: Wording | None = None,
) -> Pairing:
    """Propose a supporter to everyone for whom there is one, so that no two would rather swap.

    Constraints come first, then what each side prefers, then deferred acceptance with people
    proposing. Ties go to whoever waits longer, then to the order given. A pairing is a proposal:
    nobody is paired before both have said yes.

    Parameters
    ----------
    requests
        One for each person, each person once.
    supporters
        Each supporter once.
    as_of
        The day on which consent, pauses and waiting are looked at; a moment stands for its day.
    keep
        Pairs already in touch: ids of person and supporter, or `Pair` objects. Nobody breaks them.
        One that no longer meets a constraint comes back in `Pairing.lapsed`; where a supporter has
        fewer places than pairs, the first ones given stay. A person without a request may stand
        here: then only their place counts.
    parameters
        What is weighed, and what counts as enough.
    wording
        Whose sentences are said.

    Raises
    ------
    ValidationError
        What is no request or profile, an id given twice, or a person kept twice.

    Examples
    --------
    >>> from datetime import date
    >>> from mshg import Person, SupporterProfile, pairing
    >>> request = pairing.PairingRequest.from_person(Person(id="p1"), groups=["aa"])
    >>> lee = SupporterProfile(
    ...     id="s1", display_name="Lee", groups=["aa"], capacity=2, consented_on=date(2026, 11, 2)
    ... )
    >>> found = pairing.match([request], [lee], as_of=date(2026, 11, 24))
    >>> [(pair.person, pair.supporter, pair.place) for pair in found.pairs]
    [('p1', 's1', 0)]
    """
    requests, supporters, keep = tuple(requests), tuple(supporters), tuple(keep)
    day = as_day(as_of)
    enforce(
        requests=each_once(requests, PairingRequest, lambda r: r.person, "person"),
        supporters=each_once(supporters, SupporterProfile, lambda s: s.id, "id"),
        as_of=a_day(as_of),
        keep=pairs_problems(keep),
        parameters=instance(PairingParameters)(parameters),
        wording=optional(instance(Wording))(wording),
    )
    sides = encode(requests, supporters, day=day, parameters=parameters)
    stated = [ids_of(pair) for pair in keep]
    _, lapsed = sort_kept(sides, stated)
    gone = {(lapse.person, lapse.supporter) for lapse in lapsed}
    stay = [pair for pair in stated if pair not in gone]
    return matched(sides, stay, lapsed, load_wording() if wording is None else wording)


def matched(
    sides: Sides, keep: Sequence[tuple[str, str]], lapsed: Sequence[Lapsed], wording: Wording
) -> Pairing:
    """Match from scratch, beside pairs that are kept."""
    kept, _ = sort_kept(sides, keep)
    goes = kept < 0
    column = {h.id: j for j, h in enumerate(sides.helpers)}
    held = np.array([column[supporter] for _, supporter in keep], np.intp)
    room = sides.capacities - np.bincount(held, minlength=len(sides.helpers))
    order = np.argsort(sides.rank)  # rows in which ties go to who waits longer
    everyone = np.arange(len(goes))
    lists, most = sides.lists(everyone, FIRST_LIST), FIRST_LIST
    at = np.full(len(goes), -1, np.intp)
    while True:
        stop = np.where(goes, lists.stop, lists.start)
        flat = Flat(lists.supporters, lists.liked, lists.start[order], stop[order])
        at[order], _ = deferred_acceptance(flat, room)
        needs_more = np.flatnonzero(goes & (at < 0) & lists.is_cut)
        if not len(needs_more):
            break
        most *= LONGER
        lists = longer(lists, needs_more, sides.lists(needs_more, most))
    place, liking, liked = np.full((3, len(goes)), -1, np.intp)
    at[~goes] = kept[~goes]
    spot = own_spots(lists, at)
    for person in np.flatnonzero(~goes & (spot < 0)).tolist():  # beyond a list that is cut
        place[person], liking[person], liked[person] = sides.placed(person, int(at[person]))
    got = spot >= 0
    place[got] = (spot - lists.start)[got]
    liking[got], liked[got] = lists.liking[spot[got]], lists.liked[spot[got]]
    return Pairing(
        sides=sides,
        at=at,
        places=place,
        liking=liking,
        liked=liked,
        kept=~goes,
        settled=np.zeros(len(goes), bool),
        keep=tuple(keep),
        lapsed=tuple(lapsed),
        wording=wording,
        lists=lists,
    )


def sort_kept(sides: Sides, pairs: Sequence[tuple[str, str]]) -> tuple[Indices, list[Lapsed]]:
    """Pairs in touch: the supporter of each person, -1 for none, and the pairs that lapse."""
    row = {r.person: i for i, r in enumerate(sides.requests)}
    column = {h.id: j for j, h in enumerate(sides.helpers)}
    kept = np.full(len(row), -1, np.intp)
    why = _broken_constraints(sides, [(row.get(p, -1), column.get(s, -1)) for p, s in pairs])
    load = np.zeros(len(column), np.intp)
    lapsed: list[Lapsed] = []
    for (person, supporter), constraint in zip(pairs, why, strict=True):
        j = column.get(supporter, -1)
        if constraint is None and load[j] >= sides.helpers[j].capacity:
            constraint = Constraint.CAPACITY  # noqa: PLW2901
        if constraint is not None:
            lapsed.append(Lapsed(person=person, supporter=supporter, constraint=constraint))
            continue
        load[j] += 1
        if person in row:
            kept[row[person]] = j
    return kept, lapsed


def _broken_constraints(sides: Sides, pairs: Sequence[tuple[int, int]]) -> list[Constraint | None]:
    """The first constraint that each pair breaks; of a person without a request, the other's."""
    found: list[Constraint | None] = [None] * len(pairs)
    by_supporter: dict[int, list[int]] = {}
    for k, (person, j) in enumerate(pairs):
        if j < 0:
            found[k] = Constraint.LISTED
        elif person < 0:
            found[k] = sides.is_away(j)
        else:
            by_supporter.setdefault(j, []).append(k)
    for j, ks in by_supporter.items():
        rows = np.array([pairs[k][0] for k in ks], np.intp)
        constraints = sides.shared(rows, np.array([j], np.intp)).constraints
        for constraint, holds in reversed(constraints.items()):
            for k, is_met in zip(ks, np.broadcast_to(holds, (len(ks), 1))[:, 0], strict=True):
                found[k] = found[k] if is_met else constraint
    return found


def as_day(as_of: date) -> date:
    """The day of a day or a moment."""
    return as_of.date() if isinstance(as_of, datetime) else as_of


def a_day(value: object) -> Broken:
    """Being a day, or a moment that stands for its day."""
    return () if isinstance(value, date) else broken("must be a date", code="wrong_type")


def each_once(records: Sequence[Any], kind: type, id_of: Callable[[Any], str], name: str) -> Broken:
    """Records of one kind, of whom each stands once."""
    check = instance(kind)
    problems: list[Problem] = []
    known: set[str] = set()
    for i, record in enumerate(records):
        if wrong := check(record):
            problems += under(f"[{i}]", wrong)
        elif id_of(record) in known:
            problems.append(Problem(f"[{i}].{name}", "is given twice", "repeated"))
        else:
            known.add(id_of(record))
    return tuple(problems)


def ids_of(pair: Pair | tuple[str, str]) -> tuple[str, str]:
    """Ids of a person and a supporter."""
    return (pair.person, pair.supporter) if isinstance(pair, Pair) else (pair[0], pair[1])


def pairs_problems(keep: Sequence[object]) -> Broken:
    """What is no pair, and people who stand in more than one."""
    problems: list[Problem] = []
    known: set[str] = set()
    for i, pair in enumerate(keep):
        is_pair = isinstance(pair, Pair) or (
            isinstance(pair, (tuple, list))
            and len(pair) == 2
            and all(isinstance(part, str) for part in pair)
        )
        if not is_pair:
            rule = "must be a Pair, or ids of a person and a supporter"
            problems.append(Problem(f"[{i}]", rule, "wrong_type"))
            continue
        person, _ = ids_of(pair)  # type: ignore[arg-type]
        if person in known:
            rule = "must be of another person than those before it"
            problems.append(Problem(f"[{i}]", rule, "repeated"))
        known.add(person)
    return tuple(problems)


def _as_arrays(
    candidates: ArrayLike,
    supporter_scores: ArrayLike,
    capacities: ArrayLike,
    **more: ArrayLike | None,
) -> tuple[NDArray[Any], NDArray[Any], Indices, Indices]:
    """Lists, scores, places and whom people have, ``held`` or ``supporter``; checked as a whole."""
    problems: list[Problem] = []
    lists = _shaped(candidates, "candidates", "iu", 2, problems)
    scores = _shaped(supporter_scores, "supporter_scores", "iuf", 2, problems)
    room = _shaped(capacities, "capacities", "iuf", 1, problems)
    ((name, given),) = more.items()
    at = np.full(lists.shape[:1], -1) if given is None else _shaped(given, name, "iu", 1, problems)
    if not problems and lists.shape != scores.shape:
        problems.append(
            Problem("$.supporter_scores", "must have the shape of candidates", "wrong_shape")
        )
    if not problems and len(at) != len(lists):
        problems.append(Problem(f"$.{name}", f"must have {len(lists)} entries", "wrong_shape"))
    if not problems:
        outside = np.flatnonzero((at >= len(room)) | (at < -1))
        problems = [
            *_bad_places(room),
            *_bad_lists(lists, len(room)),
            *_bad_scores(lists, scores),
            *_stated(name, outside, _NUMBER.format(len(room))),
        ]
    if not problems and name == "held":
        over = np.flatnonzero(np.bincount(at[at >= 0], minlength=len(room)) > room)
        problems = _stated("capacities", over, "must be at least as many as people held")
    if problems:
        raise ValidationError(problems)
    return lists, scores, room.astype(np.intp), at.astype(np.intp)


def _shaped(
    values: ArrayLike, name: str, kinds: str, dimensions: int, problems: list[Problem]
) -> NDArray[Any]:
    """An array of so many dimensions and of numbers; what is empty may be of any kind."""
    array = _array(values)
    if array.size == 0 and array.ndim == 1 and dimensions == 2:
        array = array.reshape(0, 0)
    if array.size == 0 and array.ndim == dimensions and array.dtype.kind in "iuf":
        return array.astype(np.intp)
    if array.ndim != dimensions or array.dtype.kind not in kinds:
        what = "whole numbers" if kinds == "iu" else "numbers"
        shape = "(n, l)" if dimensions == 2 else "(n,)"
        problems.append(Problem(f"$.{name}", f"must be an array of {what}, {shape}", "wrong_shape"))
    return array


def _array(values: ArrayLike) -> NDArray[Any]:
    if isinstance(values, np.ma.MaskedArray):
        return np.empty((), object)  # refused by its kind: -1 and NaN stand for what is missing
    try:
        return np.asarray(values)
    except ValueError:  # ragged rows; refused by their shape, as the message would show values
        return np.empty((), object)


def _bad_places(room: NDArray[Any]) -> list[Problem]:
    is_whole = (room >= 0) & (room <= np.iinfo(np.int32).max)
    if room.dtype.kind == "f":
        is_whole &= np.floor(room) == room
    return _stated("capacities", np.flatnonzero(~is_whole), "must be a whole number from 0")


def _bad_lists(lists: NDArray[Any], supporters: int) -> list[Problem]:
    if not lists.size:
        return []
    problems: list[Problem] = []
    if int(lists.max()) >= supporters or (lists.dtype.kind == "i" and int(lists.min()) < -1):
        outside = (lists >= supporters) | (lists < -1)
        rows = np.flatnonzero(outside.any(axis=1))
        problems += _stated("candidates", rows, _NUMBER.format(supporters))
    return problems + _stated(
        "candidates", _repeating(lists), "must not name a supporter twice", "repeated"
    )


def _repeating(lists: NDArray[Any]) -> Indices:
    """Rows that hold a supporter more than once, some rows at a time."""
    found = [np.empty(0, np.intp)]
    length = lists.shape[1]
    apart = -1 - np.arange(length)[:, None]  # so that what is skipped never repeats
    for first in range(0, len(lists), ROWS_AT_ONCE):
        block = np.ascontiguousarray(lists[first : first + ROWS_AT_ONCE].T)
        if lists.dtype.kind == "i" and block.min() < 0:
            block = np.where(block < 0, apart, block)
        same = [np.count_nonzero(block[k:] == block[:-k]) for k in range(1, length)]
        if any(same):
            rows = [np.flatnonzero((block[k:] == block[:-k]).any(axis=0)) for k in range(1, length)]
            found.append(np.unique(np.concatenate(rows)) + first)
    return np.concatenate(found)


def _bad_scores(lists: NDArray[Any], scores: NDArray[Any]) -> list[Problem]:
    if scores.dtype.kind != "f" or not scores.size or not np.isnan(scores.min()):
        return []
    is_missing = np.isnan(scores) & (lists != -1)
    return _stated(
        "supporter_scores", np.flatnonzero(is_missing.any(axis=1)), "must not be NaN", "missing"
    )


def _stated(
    name: str, rows: Indices, rule: str, code: ProblemCode = "out_of_range"
) -> list[Problem]:
    problems = [Problem(f"$.{name}[{row}]", rule, code) for row in rows[:MOST_SHOWN].tolist()]
    if len(rows) > MOST_SHOWN:
        problems.append(
            Problem(f"$.{name}", f"{len(rows) - MOST_SHOWN} more rows like these", "more")
        )
    return problems
