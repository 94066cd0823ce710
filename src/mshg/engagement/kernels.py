"""The arithmetic of engagement, on arrays alone.

A person's days are packed in sorted keys, ``person * span + span - age``, where a day's age is how
many days it lies before the first day that does not count, from 1 for ``as_of`` itself to ``span``.
So one sort orders people and their days, every window is a binary search, and shifting all days
with ``as_of`` changes no key. ``span`` is a
multiple of 7: ``key // 7`` counts weeks back from ``as_of``. ``starts`` (n + 1,) says where each
person's keys begin, the last where they all end. Every kernel gives n values.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mshg._arrays import Booleans, Floats, Indices

DAYS_A_WEEK = 7
BLOCK_KEYS = 1 << 17  # about what the second cache level holds, with what is made of it

Keys: TypeAlias = NDArray[np.unsignedinteger[Any]]


def span_of(oldest_age: int) -> int:
    """The least multiple of 7 that holds every age."""
    return -(-max(oldest_age, 1) // DAYS_A_WEEK) * DAYS_A_WEEK


def packed(
    person: NDArray[np.integer[Any]],
    day: NDArray[np.integer[Any]],
    *,
    as_of: int,
    span: int,
    n_people: int,
) -> Keys:
    """Sorted keys of days before ``as_of``, in the narrower type that holds them all."""
    is_narrow = (n_people + 1) * span < 1 << 32
    dtype: type[np.unsignedinteger[Any]] = np.uint32 if is_narrow else np.uint64
    # Unsigned numbers wrap around, so days below 0 need no wider type on the way.
    keys: Keys = np.empty(len(person), dtype)
    np.multiply(person, dtype(span), out=keys, dtype=dtype, casting="unsafe")
    np.add(keys, day, out=keys, dtype=dtype, casting="unsafe")
    np.add(keys, dtype((span - as_of) % (1 << 8 * keys.itemsize)), out=keys)
    keys.sort()
    return keys


def origins(keys: Keys, span: int, n: int) -> Keys:
    """What each of n people's keys are counted from."""
    return np.arange(n, dtype=keys.dtype) * keys.dtype.type(span)


def starts_of(keys: Keys, span: int, n_people: int) -> Indices:
    """Where each person's keys begin, (n + 1,)."""
    return np.searchsorted(keys, origins(keys, span, n_people + 1))


def counts(starts: Indices) -> Indices:
    """How many days each person has; two on one day count twice."""
    return np.diff(starts)


def counts_within(keys: Keys, starts: Indices, span: int, days: int) -> Indices:
    """How many lie in the last so many days, by age from 1 to ``days``."""
    since = origins(keys, span, len(starts) - 1) + keys.dtype.type(max(span - days, 0))
    return starts[1:] - np.searchsorted(keys, since)


def last_ages(keys: Keys, starts: Indices, span: int) -> Floats:
    """Days since the last; NaN where there is none."""
    return _ages(keys, starts, span, starts[1:] - 1)


def first_ages(keys: Keys, starts: Indices, span: int) -> Floats:
    """Days since the first; NaN where there is none."""
    return _ages(keys, starts, span, starts[:-1])


def _ages(keys: Keys, starts: Indices, span: int, places: Indices) -> Floats:
    ages = np.full(len(places), np.nan)
    has = starts[1:] > starts[:-1]
    ages[has] = span - (keys[places[has]] - origins(keys, span, len(places))[has])
    return ages


def distinct(keys: Keys) -> Keys:
    """Each day once."""
    return keys[_is_new(keys)]


def _is_new(sorted_values: Keys) -> Booleans:
    is_new = np.ones(len(sorted_values), bool)
    np.not_equal(sorted_values[1:], sorted_values[:-1], out=is_new[1:])
    return is_new


def longest_gaps(keys: Keys, starts: Indices) -> Floats:
    """Most days from one to the next; NaN for people of less than two distinct days."""
    longest = _in_blocks(_most_apart, keys, starts).astype(float)
    longest[longest == 0] = np.nan
    return longest


def _most_apart(keys: Keys, starts: Indices) -> Indices:
    most = np.zeros(len(starts) - 1, np.intp)
    has = np.flatnonzero(counts(starts))
    if len(has):
        gaps = np.diff(keys, prepend=keys[:1])
        gaps[starts[has]] = 0
        most[has] = np.maximum.reduceat(gaps, starts[has])
    return most


def _in_blocks(kernel: Callable[[Keys, Indices], Indices], keys: Keys, starts: Indices) -> Indices:
    """What a kernel gives for all people, a block of people at a time, to stay in the cache."""
    inner = np.searchsorted(starts, np.arange(BLOCK_KEYS, len(keys), BLOCK_KEYS))
    cuts = np.unique([0, *inner, len(starts) - 1])
    found = [
        kernel(keys[starts[a] : starts[b]], starts[a : b + 1] - starts[a])
        for a, b in pairwise(cuts.tolist())
    ]
    return np.concatenate(found) if found else kernel(keys, starts)


def sorted_gaps(distinct_keys: Keys, span: int) -> Keys:
    """Each person's gaps between one day and the next, sorted, with ``person * span`` added."""
    person = distinct_keys // distinct_keys.dtype.type(span)
    same = person[1:] == person[:-1]
    gaps: Keys = (np.diff(distinct_keys) + person[1:] * distinct_keys.dtype.type(span))[same]
    gaps.sort()
    return gaps


def median_gaps(gaps: Keys, starts: Indices, span: int, least: int) -> Floats:
    """Median of each person's sorted gaps in days; NaN for fewer than ``least``."""
    medians = np.full(len(starts) - 1, np.nan)
    n = counts(starts)
    has = n >= least
    first, n, origin = starts[:-1][has], n[has], origins(gaps, span, len(medians))[has]
    low, high = gaps[first + (n - 1) // 2] - origin, gaps[first + n // 2] - origin
    medians[has] = (low + high) / 2
    return medians


def silences(gaps: Keys, starts: Indices, span: int, present: Floats, least: int) -> Floats:
    """How surprising the present gap is: (shorter gaps + equal ones / 2) / (gaps + 1).

    From 0 to below 1, and no probability. NaN for fewer than ``least`` gaps. The 1 is the present
    gap itself, which is not over yet.
    """
    n = counts(starts)
    now = origins(gaps, span, len(n)) + np.nan_to_num(present).astype(gaps.dtype)
    shorter, not_longer = np.searchsorted(gaps, now), np.searchsorted(gaps, now, "right")
    twice = shorter + not_longer - 2 * starts[:-1]
    return np.where(n >= least, twice / 2 / (n + 1), np.nan)


def weekly_variances(keys: Keys, starts: Indices, span: int) -> Floats:
    """Sample variance of meetings a week, from the week of the first to the last before ``as_of``.

    Weeks without a meeting count as 0. NaN where there are less than two weeks.
    """
    first = np.nan_to_num(first_ages(keys, starts, span)).astype(np.int64)
    weeks = -(-first // DAYS_A_WEEK)
    variances = np.full(len(weeks), np.nan)
    has = weeks >= 2
    w, n = weeks[has], counts(starts)[has]
    squares = _in_blocks(_squares, keys, starts)[has]
    variances[has] = (w * squares - n * n) / (w * (w - 1))  # whole numbers until divided
    return variances


def _squares(keys: Keys, starts: Indices) -> Indices:
    """Each person's sum of the squares of meetings a week."""
    first, week_starts = _weeks(keys, starts)
    meetings = np.diff(first, append=len(keys))
    so_far = np.concatenate([[0], np.cumsum(meetings * meetings)])
    return np.diff(so_far[week_starts])


def _weeks(keys: Keys, starts: Indices) -> tuple[Indices, Indices]:
    """Where each week with a meeting begins, and where each person's weeks begin among these."""
    first = np.flatnonzero(_is_new(keys // keys.dtype.type(DAYS_A_WEEK)))
    return first, np.searchsorted(first, starts)


def weeks_in_a_row(keys: Keys, starts: Indices, span: int) -> Indices:
    """How many weeks, counted back from ``as_of``, each had a meeting."""
    first, week_starts = _weeks(keys, starts)
    # A week's number less its place never falls, and through an unbroken run it stays what it
    # would be at the end of the present week.
    weeks = keys[first] // keys.dtype.type(DAYS_A_WEEK)
    steady = weeks - np.arange(len(weeks), dtype=weeks.dtype)
    ends = week_starts[1:]
    present = origins(weeks, span // DAYS_A_WEEK, len(ends) + 1)[1:]
    run_starts = np.searchsorted(steady, present - ends.astype(weeks.dtype))
    return ends - np.clip(run_starts, week_starts[:-1], ends)


def decayed_per_week(keys: Keys, starts: Indices, span: int, half_life_days: float) -> Floats:
    """Meetings a week, each counting half as much per half-life of its age.

    ``7 (1 - q) / q Σ q^age`` with ``q = 2^(-1 / half-life)``: a meeting every day for ever gives 7.
    """
    q = 0.5 ** (1 / half_life_days)
    # One by one, since in a wide kernel the last bit might depend on the place in the array.
    weight = np.array([0.5 ** ((span - d) / half_life_days) for d in range(span)])

    def sums(keys: Keys, starts: Indices) -> NDArray[Any]:
        # Added up one by one in order of age, so that one more can't make a sum smaller.
        person = np.repeat(np.arange(len(starts) - 1), counts(starts))
        return np.bincount(person, weight[keys % keys.dtype.type(span)], len(starts) - 1)

    per_week: Floats = _in_blocks(sums, keys, starts) * (DAYS_A_WEEK * (1 - q) / q)
    return per_week


def still_engaged(
    frequency: ArrayLike,
    recency: ArrayLike,
    age: ArrayLike,
    *,
    shape: float,
    scale: float,
    a: float,
    b: float,
) -> Floats:
    """Share of people of such a history who still take part, under the modified BG/NBD model.

    ``1 / (1 + a / (b + x) ((scale + T) / (scale + t))^(shape + x))`` with x days of meeting after
    the first, t days from the first to the last and T days from the first to ``as_of``, worked out
    in logarithms. Batislam, Denizel and Filiztekin 2007. NaN where any of them is.
    """
    x, t, total = (np.asarray(values, float) for values in (frequency, recency, age))
    odds = np.log(a) - np.log(b + x) + (shape + x) * np.log1p((total - t) / (scale + t))
    small = np.exp(-np.abs(odds))
    engaged: Floats = np.where(odds > 0, small, 1.0) / (1 + small)
    return engaged


def days_until(keys: Keys, starts: Indices, span: int, since_age: Floats) -> Floats:
    """Days from a day, given by its age, to the first one on it or after; NaN where none is."""
    found = np.full(len(since_age), np.nan)
    since = origins(keys, span, len(found)) + (span - np.nan_to_num(since_age)).astype(keys.dtype)
    place = np.searchsorted(keys, since)
    has = ~np.isnan(since_age) & (place < starts[1:])
    found[has] = keys[place[has]] - since[has]
    return found


def first_means(
    person: NDArray[np.integer[Any]],
    day: NDArray[np.integer[Any]],
    value: Floats,
    *,
    n_people: int,
    first: int,
) -> Floats:
    """Mean of each person's first so many values, by day, then by value; NaN where none is."""
    order = np.lexsort((value, day, person))
    person, value = person[order].astype(np.intp), value[order]
    place = np.arange(len(person)) - np.searchsorted(person, person)
    is_first = place < first
    person, value = person[is_first], value[is_first]
    number = np.bincount(person, minlength=n_people)
    sums = np.bincount(person, value, n_people)
    means: Floats = np.divide(sums, number, out=np.full(n_people, np.nan), where=number > 0)
    return means


def stage_rules(
    *,
    referrals: Indices,
    meetings: Indices,
    days_since_last: Floats,
    involvement: Floats,
    tried_meetings: int,
    attending_days: int,
    away_days: int,
    involved_share: float,
) -> Indices:
    """Place of the first rule that holds in `StageRule`; -1 for neither meeting nor referral."""
    none = meetings == 0
    holds = [
        none & (referrals > 0),
        none,
        days_since_last > away_days,
        meetings < tried_meetings,
        days_since_last > attending_days,
        involvement >= involved_share,
        ~np.isnan(involvement),
    ]
    return np.select(holds, [0, -1, 1, 2, 3, 4, 5], 6)
