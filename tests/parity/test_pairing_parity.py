"""Kernels of pairing against plain Python, and against other packages where those are installed."""

import heapq
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mshg import pairing
from mshg.domain import Window
from mshg.pairing import kernels
from mshg.pairing.encoding import free_spans


def twin(lists, scores, capacities):
    """Deferred acceptance, one proposal after another, with a heap for each supporter."""
    held = [[] for _ in capacities]
    at, turn = [-1] * len(lists), [0] * len(lists)
    free = list(range(len(lists)))[::-1]
    while free:
        i = free.pop()
        while turn[i] < len(lists[i]) and at[i] < 0:
            j, score = lists[i][turn[i]], scores[i][turn[i]]
            turn[i] += 1
            if j < 0 or not capacities[j]:
                continue
            if len(held[j]) < capacities[j]:
                heapq.heappush(held[j], (score, -i))
                at[i] = j
            elif (score, -i) > held[j][0]:
                out = -heapq.heapreplace(held[j], (score, -i))[1]
                at[i], at[out] = j, -1
                free.append(out)
    return at


def blocking_twin(lists, scores, capacities, at):
    """Every pair who would both rather, by looking at each."""
    found = []
    liked = [
        {j: s for j, s in zip(*row, strict=True) if j >= 0}
        for row in zip(lists, scores, strict=True)
    ]
    for i, row in enumerate(lists):
        for j in row:
            if j == at[i] and j >= 0:
                break
            if j < 0:
                continue
            held = [k for k, other in enumerate(at) if other == j]
            worse = [
                k
                for k in held
                if (liked[k].get(j, -np.inf), j in liked[k], -k) < (liked[i][j], True, -i)
            ]
            if len(held) < capacities[j] or worse:
                found.append([i, j])
    return found


@st.composite
def instances(draw, people=9, supporters=6, places=3):
    """Lists without repeats, with gaps; scores that often tie; places that are often 0."""
    n, m = draw(st.integers(0, people)), draw(st.integers(0, supporters))
    length = draw(st.integers(0, m))
    full = [draw(st.permutations(range(m)))[:length] for _ in range(n)]
    lists = [[j if draw(st.booleans()) or draw(st.booleans()) else -1 for j in row] for row in full]
    kind = draw(st.sampled_from([st.integers(0, 2), st.floats(allow_nan=False)]))
    scores = [[draw(kind) for _ in row] for row in lists]
    capacities = draw(st.lists(st.integers(0, places), min_size=m, max_size=m))
    return lists, scores, capacities


def shaped(lists, scores):
    n = len(lists)
    return np.array(lists, int).reshape(n, -1 if n else 0), np.array(scores).reshape(
        n, -1 if n else 0
    )


@given(instances(), st.sampled_from([0, 1, 64]))
def test_rounds_and_single_steps_give_what_the_twin_gives(instance, few):
    """How many go one by one changes nothing in who has whom."""
    lists, scores, capacities = instance
    before = kernels.FEW
    kernels.FEW = few
    try:
        found = pairing.match_arrays(*shaped(lists, scores), capacities)
    finally:
        kernels.FEW = before
    at = twin(lists, scores, capacities)
    assert found.supporter.tolist() == at
    places = [row.index(j) if j >= 0 else -1 for row, j in zip(lists, at, strict=True)]
    assert found.place.tolist() == places
    assert found.load.tolist() == [at.count(j) for j in range(len(capacities))]


@given(instances(), st.data())
def test_blocking_pairs_are_those_of_the_twin(instance, data):
    """Blocking pairs are found for any assignment, also of people off their own lists."""
    lists, scores, capacities = instance
    whom = st.integers(-1, len(capacities) - 1)
    at = data.draw(st.lists(whom, min_size=len(lists), max_size=len(lists)))
    found = pairing.blocking_pairs(*shaped(lists, scores), capacities, at)
    assert found.tolist() == blocking_twin(lists, scores, capacities, at)


def large(n, m, length, capacity, seed):
    rng = np.random.default_rng(seed)
    weight = 1 / np.sqrt(np.arange(1, m + 1))
    keys = rng.random((n, m)) ** (1 / weight)
    lists = np.argsort(-keys, axis=1)[:, :length]
    return lists, rng.integers(0, 50, (n, length)), np.full(m, capacity)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("capacity", [2, 12])
def test_many_people_as_the_twin(seed, capacity):
    """Rounds, cuts and ties at a size at which all of them matter."""
    lists, scores, capacities = large(2_000, 200, 10, capacity, seed)
    found = pairing.match_arrays(lists.astype(np.int32), scores, capacities)
    assert found.supporter.tolist() == twin(lists.tolist(), scores.tolist(), capacities.tolist())
    assert len(pairing.blocking_pairs(lists, scores, capacities, found.supporter)) == 0


def test_a_long_chain_as_the_twin():
    """Each person is moved on by the one before."""
    n = 2_000
    lists = np.stack([np.arange(n), np.append(np.arange(1, n), -1)], axis=1)
    lists = np.vstack([lists, [[0, -1]]])
    scores = np.vstack([np.tile([1, 2], (n, 1)), [[3, 0]]])
    found = pairing.match_arrays(lists, scores, np.ones(n, int))
    assert found.supporter.tolist() == twin(lists.tolist(), scores.tolist(), [1] * n)
    assert found.supporter.tolist()[:3] == [1, 2, 3]


def by_name(lists, scores):
    """The same as dictionaries of preferences."""
    people = {f"p{i}": [f"s{j}" for j in row] for i, row in enumerate(lists)}
    liked = {}
    for i, (row, liking) in enumerate(zip(lists, scores, strict=True)):
        for j, score in zip(row, liking, strict=True):
            liked.setdefault(j, []).append((-score, i))
    return people, {f"s{j}": [f"p{i}" for _, i in sorted(ranks)] for j, ranks in liked.items()}


def test_parity_with_matching():
    """The package `matching` gives the same, where it can follow."""
    games = pytest.importorskip("matching.games", reason="matching is not installed")
    lists, scores, capacities = large(60, 12, 4, 4, 1)
    people, supporters = by_name(lists.tolist(), scores.tolist())
    places = dict.fromkeys(supporters, 4)
    game = games.HospitalResident.create_from_dictionaries(people, supporters, places)
    solved = {
        str(person): str(supporter)
        for supporter, held in game.solve(optimal="resident").items()
        for person in held
    }
    found = pairing.match_arrays(lists, scores, capacities).supporter.tolist()
    assert solved == {f"p{i}": f"s{j}" for i, j in enumerate(found) if j >= 0}


def test_parity_with_algmatch():
    """The package `algmatch` gives the same, where it can follow."""
    algmatch = pytest.importorskip("algmatch", reason="algmatch is not installed")
    lists, scores, capacities = large(60, 12, 4, 4, 2)
    people, supporters = by_name(lists.tolist(), scores.tolist())
    number = lambda name: int(name[1:]) + 1  # noqa: E731
    problem = {
        "residents": {number(p): list(map(number, row)) for p, row in people.items()},
        "hospitals": {
            number(s): {"capacity": 4, "preferences": list(map(number, row))}
            for s, row in supporters.items()
        },
    }
    solved = algmatch.HospitalResidentsProblem(dictionary=problem).get_stable_matching()
    pairs = {str(p): str(s) for p, s in solved["resident_sided"].items() if s}
    found = pairing.match_arrays(lists, scores, capacities).supporter.tolist()
    assert pairs == {f"r{i + 1}": f"h{j + 1}" for i, j in enumerate(found) if j >= 0}


def minutes_free(windows, ahead):
    """Every whole minute of a week, one by one."""
    free = set()
    for window in windows:
        start = window.start.hour * 60 + window.start.minute
        until = window.until.hour * 60 + window.until.minute
        until += 1440 if until <= start else 0
        free |= {(window.weekday * 1440 + t - ahead) % 10_080 for t in range(start, until)}
    return free if windows else set(range(10_080))


WINDOWS = st.lists(
    st.builds(
        Window,
        weekday=st.integers(0, 6),
        start=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
        until=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    ),
    max_size=3,
)


@given(WINDOWS, WINDOWS, st.sampled_from([-720, -300, 0, 330, 840]))
def test_time_in_common_is_counted_as_minute_by_minute(some, others, ahead):
    """Free time in common is exact to the minute, over midnight, weeks' ends and zones."""
    spans = [free_spans(some, ahead), free_spans(others, 0)]
    for found, windows, offset in zip(spans, (some, others), (ahead, 0), strict=True):
        assert {m for a, b in found for m in range(a, b)} == minutes_free(windows, offset)
        flat = list(itertools.chain(*found))
        assert flat == sorted(set(flat))
    arrays = [np.array(s, np.int16).reshape(1, -1, 2).transpose(2, 1, 0) for s in spans]
    both = minutes_free(some, ahead) & minutes_free(others, 0)
    assert kernels.shared_minutes(*arrays).item() == len(both)
