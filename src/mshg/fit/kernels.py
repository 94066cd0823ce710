"""The arithmetic of fit, on arrays alone.

With x a person's position, w their importance, c a group's position, s its salience and k the
neutral point, a dimension contributes ``w s (1 - (x - c)² - k) / Σw``. That is a polynomial in
``x - 1/2``, so the scores of many people are products of coefficients and features.

A person's bits must be the same alone, in any slice and in any batch, and a BLAS does not promise
that even for one fixed shape: some of its kernels add up in another order at other places of a
large block. So each product takes a tile of sixteen people, the last one padded. That is one
vector register or a few, and all people of a tile are lanes of the same instructions. Sums over
dimensions go one by one for the same reason.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mshg._arrays import Booleans, Floats, Indices
from mshg.fit.parameters import ANSWERS

TILE = 16
# About what the second cache level holds; an odd number of tiles, so that rows of a block
# don't fall on the same cache lines.
BLOCK_PEOPLE = 513 * TILE
BLOCK_ANSWERS = 65 * TILE  # the same where each of five answers is tried
PAIRS_IN_BLOCK = 200_000  # and for pairs of groups, of which there are hundreds a person
_CENTER = 0.5
_SAME_ANSWER = 1e-6  # steps; an answer this close to one of the five is that one


def score_coefficients(position: Floats, salience: Floats, neutral: float) -> Floats:
    """Coefficients (g, 3d + 1) of the features of `scores`, for groups (g, d).

    Written about 1/2, where five-point answers are exact and terms do not cancel. The last is
    the neutral point itself.
    """
    c = position - _CENTER
    constant = salience * (1 - neutral - c * c)
    always = np.full((len(c), 1), neutral)
    return np.concatenate([constant, -salience, 2 * salience * c, always], axis=1)


def worst_coefficients(position: Floats, salience: Floats, neutral: float) -> Floats:
    """What an open dimension adds at worst, (g, d), at most 0 for neutral of 3/4 or more."""
    return salience * (1 - np.maximum(position, 1 - position) ** 2 - neutral)


def best_coefficients(salience: Floats, neutral: float) -> Floats:
    """What an open dimension adds at best, (g, d), at least 0."""
    return salience * (1 - neutral)


def worst_leads(position: Floats, salience: Floats, neutral: float) -> Floats:
    """What an open dimension adds at worst to a group's lead over another, (g, g, d).

    The difference of their terms is a quadratic in the answer, so its least value lies at an end
    or, where it is convex, at its vertex.
    """
    of_group = score_coefficients(position, salience, neutral)[:, :-1].reshape(len(position), 3, -1)
    constant, square, linear = np.moveaxis(of_group[:, None] - of_group[None], 2, 0)
    is_convex = square > 0
    vertex = -linear / np.where(is_convex, 2 * square, 1)
    inside = np.where(is_convex, np.clip(vertex, -_CENTER, _CENTER), _CENTER)
    values = [x * (x * square + linear) + constant for x in (-_CENTER, _CENTER, inside)]
    least: Floats = np.minimum.reduce(values)
    return least


def swings(leads: Floats) -> Floats:
    """How far apart one answer can move two of some groups, (d,), at full importance.

    Parameters
    ----------
    leads
        From `worst_leads`, (g, g, d).
    """
    widest: Floats = -(leads + leads.transpose(1, 0, 2)).min(axis=(0, 1))
    return widest


def answer_terms(position: Floats, salience: Floats, neutral: float) -> Floats:
    """What each of the five answers adds to each group, (d, 5, g), at full importance."""
    answers = np.linspace(0, 1, ANSWERS)[None, :, None]
    return salience.T[:, None] * (1 - (answers - position.T[:, None]) ** 2 - neutral)


def with_constants(
    coefficients: Floats, belonging: Floats | None, reach: Floats | None, weights: tuple[float, ...]
) -> tuple[Floats, list[tuple[Floats, float]]]:
    """Coefficients with ``weight (value - 1/2)`` of what is the same for all, and what is not.

    Parameters
    ----------
    coefficients
        From `score_coefficients`.
    belonging, reach
        From 0 to 1, (g,) for everyone or (n, g); None adds nothing.

    Returns
    -------
    Coefficients, and what `scores` is to add for each person, with its weight.
    """
    out, by_person = coefficients.copy(), []
    for values, weight in zip((belonging, reach), weights, strict=True):
        if values is None or weight == 0:
            continue
        if values.ndim == 1:
            out[:, -1] += weight * (values - _CENTER)
        else:
            out[:, -1] -= weight * _CENTER
            by_person.append((values, weight))
    return out, by_person


def scores(
    stances: Floats,
    importance: Floats,
    coefficients: Floats,
    by_person: Sequence[tuple[Floats, float]] = (),
) -> Floats:
    """Fit of every group for every person, (g, n), of the dtype of the coefficients.

    Parameters
    ----------
    stances
        Positions (n, d) from 0 to 1, NaN for open.
    importance
        Weights (n, d), finite and at least 0. NaN comes out where a row's are all 0.
    coefficients
        From `score_coefficients`, or `with_constants`.
    by_person
        What is added for each person, (n, g), times its weight.
    """
    people, d = stances.shape
    features = _room(coefficients.shape[1], people, coefficients.dtype)
    features[-1] = 1
    out = np.empty((len(coefficients), people), coefficients.dtype)
    for rows in _block_rows(people):
        w, wxx, x = features[:-1, : rows.stop - rows.start].reshape(3, d, -1)
        _fill(x, w, stances[rows], importance[rows])
        np.multiply(w, np.equal(x, x), out=w)
        np.fmax(x, -1, out=x)  # NaN to a number; its weight is 0
        np.multiply(x, x, out=wxx)
        np.multiply(wxx, w, out=wxx)
        np.multiply(x, w, out=x)
        _multiply(coefficients, features, out[:, rows])
        for values, weight in by_person:
            out[:, rows] += np.multiply(values[rows].T, out.dtype.type(weight), dtype=out.dtype)
    return out


def open_terms(
    stances: Floats, importance: Floats, declined: Booleans | None, coefficients: Floats
) -> Floats:
    """Sum of coefficient times importance share over open, undeclined dimensions, (g, n)."""
    people, d = stances.shape
    x, weight = (_room(d, people, coefficients.dtype) for _ in range(2))
    out = np.empty((len(coefficients), people), coefficients.dtype)
    for rows in _block_rows(people):
        here = np.s_[:, : rows.stop - rows.start]
        _fill(x[here], weight[here], stances[rows], importance[rows])
        askable = np.not_equal(x[here], x[here])
        if declined is not None:
            askable &= ~declined[rows].T
        weight[here] *= askable
        _multiply(coefficients, weight, out[:, rows])
    return out


def coverage(stances: Floats, importance: Floats, dtype: np.dtype[np.floating]) -> Floats:
    """Share of importance (n,) that lies on answered dimensions; NaN where all of it is 0."""
    people, d = stances.shape
    out = np.empty(people, dtype)
    for rows in _block_rows(people):
        x, weight = np.empty((2, d, rows.stop - rows.start), dtype)
        _fill(x, weight, stances[rows], importance[rows])
        out[rows] = _sum(weight * np.equal(x, x))
    return np.minimum(out, 1, out=out)


def contributions(
    stances: Floats, importance: Floats, position: Floats, salience: Floats, neutral: float
) -> Floats:
    """What each dimension adds to each group's fit, (n, g, d), in float64.

    It is 0 where a dimension is open and NaN where all of a row's importance is 0. A row sums
    to fit less the neutral point, to rounding.
    """
    people, d = stances.shape
    out = np.empty((people, len(position), d))
    for rows in _block_rows(people):
        x, weight = np.empty((2, d, rows.stop - rows.start))
        _fill(x, weight, stances[rows], importance[rows])
        for j, (c, s) in enumerate(zip(position - _CENTER, salience, strict=True)):
            term = s[:, None] * (1 - (x - c[:, None]) ** 2 - neutral)
            out[rows, j] = (weight * np.where(np.isnan(x), 0, term)).T
    return out


def tie_places(reach: Floats) -> Indices:
    """Places (n, g) from 0 that break ties: the wider reach, then the earlier group."""
    order = np.argsort(-reach, axis=1, kind="stable")
    places = np.empty_like(order)
    np.put_along_axis(places, order, np.arange(reach.shape[1])[None], axis=1)
    return places


def shared_experience(
    has: Booleans, share: Floats, *, substances: int, relative: int, tried: Floats
) -> NDArray[np.float64]:
    """How far groups share what people live with and have tried, (n, g), from 0 to 1.

    With S the mean of the largest and of the average share among a person's substances (1/2 if
    they stated none) and T the largest among their situations, it is ``S + (1 - S) T``; for
    someone who seeks help for another person's use, the share of relatives times ``(1 + S) / 2``;
    1/2 for a group of which nothing is known. What was tried is then added.

    Parameters
    ----------
    has
        What people live with, (n, f): first so many substances, then situations.
    share
        How far groups share it, (g, f); a row of NaN is not known.
    relative
        The column of ``has`` that says that help is sought for someone else's use.
    tried
        What is added for groups that were tried, (n, g).
    """
    shape = (len(has), len(share))
    most, total, among = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for j in range(has.shape[1]):
        if j == relative:
            continue
        held = np.where(has[:, j, None], share[None, :, j], 0)
        if j < substances:
            np.fmax(most, held, out=most)
            total += held
        else:
            np.fmax(among, held, out=among)
    count = has[:, :substances].sum(axis=1)[:, None]
    of_use = np.where(count > 0, (most + total / np.maximum(count, 1)) / 2, _CENTER)
    own = of_use + (1 - of_use) * among
    of_relative = share[None, :, relative] * (1 + of_use) / 2
    matched = np.where(has[:, relative, None], of_relative, own)
    matched = np.where(np.isnan(share[:, 0]), _CENTER, matched)
    out: NDArray[np.float64] = np.clip(matched + tried, 0, 1)
    return out


def best_first(
    scores: Floats,
    k: int,
    tie: float,
    open_groups: Booleans | None = None,
    places: Indices | None = None,
) -> Indices:
    """Indices (k, n) of the groups of highest score (g, n), best first.

    Each place goes to the first group, by ``places`` (n or 1, g) or else in their order, whose
    score is within ``tie`` of the highest one left. Closed groups (False in ``open_groups``,
    (n, g)) and NaN come last as -1.
    """
    groups, people = scores.shape
    out = np.empty((k, people), np.intp)
    out[groups:] = -1
    code = np.uint8 if groups < np.iinfo(np.uint8).max else np.intp
    block = min(people, BLOCK_PEOPLE)
    columns = np.arange(block)
    scratch = np.empty((groups, block), scores.dtype)
    for rows in _block_rows(people):
        here = columns[: rows.stop - rows.start]
        left = np.fmax(scores[:, rows], -np.inf, out=scratch[:, : len(here)])
        if open_groups is not None:
            left[~open_groups[rows].T] = -np.inf
        first = here
        at = _places(places, groups, rows)
        place = (groups - at).astype(code)
        group_at = None if places is None else np.argsort(at, axis=0)
        for rank in range(min(k, groups)):
            if rank:
                scratch.reshape(-1)[first * block + here] = -np.inf
            highest = np.maximum.reduce(left, axis=0)
            among = left >= highest - left.dtype.type(tie)
            first = groups - np.maximum.reduce(among * place, axis=0).astype(np.intp)
            if group_at is not None:  # nothing among gives a place that is none
                held = np.minimum(first, groups - 1)
                first = group_at[held, 0 if group_at.shape[1] == 1 else here]
            out[rank, rows] = first
            nothing = highest == -np.inf
            if nothing.any():
                out[rank, rows][nothing] = -1
            if nothing.all():
                out[rank:, rows] = -1
                break
    return out


def surely_ahead(
    scores: Floats,
    stances: Floats,
    importance: Floats,
    *,
    declined: Booleans | None,
    leads: Floats,
    size: int,
    tie: float,
    open_groups: Booleans | None = None,
    places: Indices | None = None,
) -> tuple[Indices, Booleans, Indices]:
    """Which group is first (n,), -1 for none, and which are among so many first (g, n), surely.

    Third, how many of the first places are settled in their order, (n,).

    Surely: under every way of answering the open questions. A group is surely ahead of one that
    stands earlier, by ``places`` or else in their order, if it leads by more than ``tie`` at worst,
    and of a later one if it does not fall behind. For the first place, a tie with a later group is
    enough.

    Parameters
    ----------
    scores
        From `scores`, (g, n).
    leads
        From `worst_leads`, (g, g, d).
    """
    groups, people = scores.shape
    first = np.full(people, -1)
    among = np.zeros((groups, people), bool)
    in_order = np.zeros(people, np.intp)
    rounding = _rounding(scores.dtype)
    pairs = leads.reshape(groups * groups, -1).astype(scores.dtype)
    block = max(TILE, PAIRS_IN_BLOCK // groups**2 // TILE * TILE)
    for rows in _block_rows(people, block):
        stated = None if declined is None else declined[rows]
        lead = open_terms(stances[rows], importance[rows], stated, pairs)
        lead = lead.reshape(groups, groups, -1)
        lead += scores[:, None, rows] - scores[None, :, rows]
        is_open = ~np.isnan(scores[:, rows])
        if open_groups is not None:
            is_open &= open_groups[rows].T
        at = _places(places, groups, rows)
        is_later = at[:, None] <= at[None]  # or the group itself
        leads_by_far = (lead > tie) | ~is_open
        is_first = (leads_by_far | (is_later & (lead >= -tie))).all(axis=1) & is_open
        first[rows][is_first.any(axis=0)] = is_first.argmax(axis=0)[is_first.any(axis=0)]
        rivals = groups - (leads_by_far | (is_later & (lead >= -rounding))).sum(axis=1)
        among[:, rows] = (is_open & (rivals < size)) | is_first
        # A group surely in place t has exactly the t before it as rivals, which surely lead it.
        settled = np.ones(rivals.shape[1], bool)
        for t in range(groups):
            holds = is_open & (rivals == t)
            settled &= (holds | is_first).any(axis=0) if t == 0 else holds.any(axis=0)
            in_order[rows] += settled
    return first, among, in_order


def question_gains(
    scores: Floats,
    stances: Floats,
    importance: Floats,
    *,
    declined: Booleans | None,
    terms: Floats,
    shares: Floats,
    open_groups: Booleans | None = None,
) -> Floats:
    """What knowing an answer is worth, (n, d): E[max fit] - max E[fit] over its five answers.

    0 where a dimension is answered or declined, where it can't change which group is best, and
    where no group is open.

    Parameters
    ----------
    terms
        From `answer_terms`, (d, 5, g).
    shares
        How many people give each answer, (d, 5), rows adding up to 1.
    """
    people, d = stances.shape
    out = np.zeros((people, d), scores.dtype)
    expected_terms = np.einsum("da,dag->dg", shares, terms)[:, None]
    for rows in _block_rows(people, BLOCK_ANSWERS):
        x, weight = np.empty((2, d, rows.stop - rows.start), scores.dtype)
        _fill(x, weight, stances[rows], importance[rows])
        is_open = np.isnan(x) if declined is None else np.isnan(x) & ~declined[rows].T
        score = _shut(scores[:, rows], open_groups, rows)
        for j in np.flatnonzero(is_open.any(axis=1)):
            best = _moved(score, weight[j], terms[j]).max(axis=0)
            steady = _moved(score, weight[j], expected_terms[j]).max(axis=0)[0]
            with np.errstate(invalid="ignore"):  # no group is open
                gain = _sum(shares[j, :, None] * best) - steady
            out[rows, j] = np.where(is_open[j] & (gain > _rounding(gain.dtype)), gain, 0)
    return out


def most(gains: Floats) -> Indices:
    """Index (n,) of the largest gain (n, d), the first of those alike; -1 where all are 0."""
    largest = gains.max(axis=1, keepdims=True)
    first = (gains >= largest - _rounding(gains.dtype)).argmax(axis=1)
    return np.where(largest[:, 0] > 0, first, -1)


def least_changes(
    scores: Floats,
    stances: Floats,
    importance: Floats,
    *,
    position: Floats,
    salience: Floats,
    neutral: float,
    tie: float,
    open_groups: Booleans | None = None,
    places: Indices | None = None,
) -> tuple[Indices, Indices, Indices]:
    """The fewest steps on one answer that put another group first, each (n,).

    Dimension, answer (0 to 4) and the group that is then first; -1 where no single answer does.
    Ties go to the earlier dimension, then to the lower answer.
    """
    people, d = stances.shape
    terms = answer_terms(position, salience, neutral).astype(scores.dtype)
    c, s = (position - _CENTER).astype(scores.dtype), salience.astype(scores.dtype)
    answers = np.arange(ANSWERS)[:, None]
    found = np.full((3, people), -1)
    for rows in _block_rows(people, BLOCK_ANSWERS):
        x, weight = np.empty((2, d, rows.stop - rows.start), scores.dtype)
        _fill(x, weight, stances[rows], importance[rows])
        score = _shut(scores[:, rows], open_groups, rows)
        at = _places(places, len(score), rows).T
        now = best_first(score, 1, tie, places=at)[0]
        fewest = np.full(len(now), ANSWERS)
        for j in range(d):
            # One step can't be beaten, and ties go to the earlier dimension.
            todo = np.flatnonzero((fewest > 1) & (now >= 0) & ~np.isnan(x[j]))
            if not len(todo):
                continue
            stated, w = x[j, todo], weight[j, todo]
            present = s[:, j, None] * (1 - (stated - c[:, j, None]) ** 2 - neutral)
            moved = _moved(score[:, todo] - w * present, w, terms[j])
            every = at if len(at) == 1 else np.tile(at[todo], (ANSWERS, 1))
            first = best_first(moved.reshape(len(score), -1), 1, tie, places=every)
            first = first.reshape(ANSWERS, -1)
            steps = _steps(stated + _CENTER, answers)
            cost = np.where((steps > 0) & (first != now[todo]), steps, ANSWERS)
            least = cost.argmin(axis=0)  # the lowest answer of those
            better = np.flatnonzero(cost.min(axis=0) < fewest[todo])
            answer, columns = least[better], todo[better]
            fewest[columns] = cost[answer, better]
            found[:, rows.start + columns] = np.full_like(answer, j), answer, first[answer, better]
    return found[0], found[1], found[2]


def _steps(x: Floats, answers: Indices) -> Floats:
    """How many of the five answers are passed on the way to one, itself included; NaN if open."""
    steps: Floats = np.ceil(np.abs(answers - (ANSWERS - 1) * x) - _SAME_ANSWER)
    return steps


def _places(places: Indices | None, groups: int, rows: slice) -> Indices:
    """Places (g, m) of groups for rows of people, or (g, 1) where they are the same for all."""
    if places is None:
        return np.arange(groups)[:, None]
    return (places if len(places) == 1 else places[rows]).T


def _shut(scores: Floats, open_groups: Booleans | None, rows: slice) -> Floats:
    """Scores (g, m) with -inf for groups that are closed or can't be known."""
    left: Floats = np.fmax(scores, -np.inf)
    if open_groups is not None:
        left[~open_groups[rows].T] = -np.inf
    return left


def _moved(score: Floats, weight: Floats, terms: Floats) -> Floats:
    """Scores (g, a, m) after each of a answers, given their terms (a, g)."""
    return score[:, None] + weight * terms.T[:, :, None]


def _rounding(dtype: np.dtype[Any]) -> float:
    """What adding up a dozen terms may be off by."""
    return 8 * float(np.finfo(dtype).eps)


def _block_rows(people: int, block: int = BLOCK_PEOPLE) -> Iterator[slice]:
    for start in range(0, people, block):
        yield slice(start, min(start + block, people))


def _room(features: int, people: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    """Room for the features of a block of people in whole tiles, or of fewer people."""
    tiles = -(-min(people, BLOCK_PEOPLE) // TILE)
    return np.zeros((features, tiles * TILE), dtype)


def _fill(x: Floats, weight: Floats, stances: Floats, importance: Floats) -> None:
    """Lay out (d, m) positions about 1/2 and shares of importance of rows (m, d)."""
    np.subtract(stances.T, x.dtype.type(_CENTER), out=x)
    if importance.dtype == weight.dtype:
        weight[...] = importance.T
        given = weight
    else:  # shares first: a small weight may be 0 in the smaller type
        given = importance.T.astype(np.float64)
    with np.errstate(invalid="ignore"):
        weight[...] = np.divide(given, _sum(given), out=given)


def _multiply(coefficients: Floats, features: Floats, out: Floats) -> None:
    """Coefficients (g, f) times features (f, block), tile by tile, into out (g, m)."""
    people = out.shape[1]
    whole = people - people % TILE
    np.matmul(coefficients, _tiles(features[:, :whole]), out=_tiles(out[:, :whole]))
    if whole < people:
        (last,) = np.matmul(coefficients, _tiles(features[:, whole : whole + TILE]))
        out[:, whole:] = last[:, : people - whole]


def _tiles(rows: Floats) -> Floats:
    """The same numbers, (f, t * 16), seen as tiles, (t, f, 16)."""
    return rows.reshape(len(rows), -1, TILE).transpose(1, 0, 2)


def _sum(values: Floats | list[Floats]) -> Floats:
    """Sum over the first axis, one by one: the order of NumPy's own sum depends on the shape."""
    total: Floats = values[0].copy()
    for row in values[1:]:
        total += row
    return total
