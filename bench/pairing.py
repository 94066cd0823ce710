"""Pairs for many people, beside other packages on the same instances, in turn.

Supporters are wanted unequally (weight 1 over the square root of their rank), lists have no
repeats. OR-tools and algmatch are timed where they are installed. Usage: pairing.py [rounds]
"""

import gc
import heapq
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from mshg import SupporterProfile, pairing

ROUNDS = int(next((a for a in sys.argv[1:] if a.isdigit()), "5"))
TODAY = date(2026, 11, 24)
Instance = tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.int64]]


def instance(people: int, supporters: int, length: int, places: int, seed: int = 1) -> Instance:
    rng = np.random.default_rng(seed)
    weight = 1 / np.sqrt(np.arange(1, supporters + 1))
    edges = np.cumsum(weight / weight.sum())
    drawn = np.searchsorted(edges, rng.random((people, 4 * length))).clip(0, supporters - 1)
    lists = np.full((people, length), -1, np.int32)
    for column in drawn.T.astype(np.int32):
        is_open = lists == -1
        takes = ~(lists == column[:, None]).any(1) & is_open.any(1)
        lists[np.flatnonzero(takes), is_open.argmax(1)[takes]] = column[takes]
    return lists, rng.random((people, length)), np.full(supporters, places)


def chain(people: int) -> Instance:
    """Everyone has their first, until the last one comes and moves each on by one."""
    lists = np.stack([np.arange(people), np.append(np.arange(1, people), -1)], axis=1)
    lists = np.vstack([lists, [[0, -1]]]).astype(np.int32)
    scores = np.vstack([np.tile([1.0, 2.0], (people, 1)), [[3.0, 0.0]]])
    return lists, scores, np.ones(people, np.int64)


def twin(lists: NDArray[np.int32], scores: NDArray[Any], places: NDArray[np.int64]) -> list[int]:
    """Plain Python with a heap for each supporter."""
    rows, liked, room = lists.tolist(), scores.tolist(), places.tolist()
    held: list[list[tuple[float, int]]] = [[] for _ in room]
    at, turn, free = [-1] * len(rows), [0] * len(rows), list(range(len(rows)))[::-1]
    while free:
        i = free.pop()
        while turn[i] < len(rows[i]):
            j, score = rows[i][turn[i]], liked[i][turn[i]]
            turn[i] += 1
            if j < 0:
                continue
            if len(held[j]) < room[j]:
                heapq.heappush(held[j], (score, -i))
                at[i] = j
                break
            if room[j] and (score, -i) > held[j][0]:
                out = -heapq.heapreplace(held[j], (score, -i))[1]
                at[i], at[out] = j, -1
                free.append(out)
                break
    return at


def one_pass(lists: NDArray[np.int32], scores: NDArray[Any], _: object) -> object:
    return scores.max(axis=1) + lists.sum(axis=1)


def flow(lists: NDArray[np.int32], _: object, places: NDArray[np.int64]) -> list[int]:
    """The least sum of places on lists that matches as many as can be: optimal, not stable."""
    from ortools.graph.python import min_cost_flow

    n, length = lists.shape
    m = len(places)
    who = np.repeat(np.arange(n), length)
    whom, cost = lists.ravel(), np.tile(np.arange(length), n)
    listed = whom >= 0
    who, whom, cost = who[listed], whom[listed], cost[listed]
    graph = min_cost_flow.SimpleMinCostFlow()
    source, sink = n + m, n + m + 1
    graph.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([np.full(n, source), who, n + np.arange(m), np.arange(n)]),
        np.concatenate([np.arange(n), n + whom, np.full(m, sink), np.full(n, sink)]),
        np.concatenate([np.ones(n + len(who)), places, np.ones(n)]).astype(np.int64),
        np.concatenate([np.zeros(n), cost, np.zeros(m), np.full(n, 10 * length)]).astype(np.int64),
    )
    graph.set_nodes_supplies(np.array([source, sink]), np.array([n, -n]))
    assert graph.solve() == graph.OPTIMAL
    taken = graph.flows(np.arange(n, n + len(who))) > 0
    at = np.full(n, -1)
    at[who[taken]] = whom[taken]
    return list(at.tolist())


def as_problem(lists: NDArray[np.int32], scores: NDArray[Any], places: NDArray[np.int64]) -> Any:
    """The same for algmatch."""
    people = {i + 1: [j + 1 for j in row if j >= 0] for i, row in enumerate(lists.tolist())}
    liked: dict[int, list[tuple[float, int]]] = {}
    for i, (row, own) in enumerate(zip(lists.tolist(), scores.tolist(), strict=True)):
        for j, score in zip(row, own, strict=True):
            if j >= 0:
                liked.setdefault(j + 1, []).append((-score, i + 1))
    return {
        "residents": people,
        "hospitals": {
            j: {"capacity": int(places[j - 1]), "preferences": [i for _, i in sorted(ranks)]}
            for j, ranks in liked.items()
        },
    }


def algmatch(problem: Any) -> Any:
    from algmatch import HospitalResidentsProblem

    return HospitalResidentsProblem(dictionary=problem).get_stable_matching()


def seconds(call: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def ratio(name: str, ours: Callable[[], object], other: Callable[[], object], most: str) -> None:
    """Medians of calls in turn."""
    try:
        first = seconds(other)
    except ImportError as error:
        print(f"{name}: not measured, {error.name} is not installed")
        return
    ours()
    taken = [(seconds(ours), first if first > 2 else seconds(other)) for _ in range(ROUNDS)]
    mine, theirs = (statistics.median(column) for column in zip(*taken, strict=True))
    print(f"{name}: {mine / theirs:.4f} ({mine:.4g} s beside {theirs:.4g} s; at most {most})")


def arrays() -> None:
    """The kernel."""
    small = instance(4_000, 400, 10, 12)
    problem = as_problem(*small)
    ratio(
        "4,000 x 400 x 10 / algmatch",
        lambda: pairing.match_arrays(*small),
        lambda: algmatch(problem),
        "0.005",
    )
    for name, size, most in (
        ("20,000 x 2,000 x 10, 12", (20_000, 2_000, 10, 12), "0.1"),
        ("20,000 x 2,000 x 10, 5", (20_000, 2_000, 10, 5), "0.2"),
        ("100,000 x 10,000 x 20, 12", (100_000, 10_000, 20, 12), "0.03"),
    ):
        drawn = instance(*size)
        ratio(
            f"{name} / OR-tools",
            lambda d=drawn: pairing.match_arrays(*d),
            lambda d=drawn: flow(*d),
            most,
        )
    large = instance(100_000, 10_000, 20, 12)
    ratio(
        "100,000 x 10,000 x 20, 12 / one pass",
        lambda: pairing.match_arrays(*large),
        lambda: one_pass(*large),
        "10",
    )
    link = chain(20_000)
    ratio("a chain of 20,001 / twin", lambda: pairing.match_arrays(*link), lambda: twin(*link), "3")
    tracemalloc.start()
    found = pairing.match_arrays(*large)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    given = sum(array.nbytes for array in large)
    kept = found.supporter.nbytes + found.place.nbytes + found.load.nbytes
    print(f"memory beyond input and output / input: {(peak - kept) / given:.2f} (at most 1)")
    for places in (12, 5):
        middle = instance(20_000, 2_000, 10, places)
        ours = pairing.match_arrays(*middle).supporter
        print(
            f"blocking pairs, {places} places: {len(pairing.blocking_pairs(*middle, ours))}", end=""
        )
        try:
            print(f"; of the flow {len(pairing.blocking_pairs(*middle, flow(*middle)))}")
        except ImportError:
            print()


def both_sides(people: int, supporters: int, places: int) -> tuple[list[Any], list[Any]]:
    """Made-up requests and profiles: twenty groups, four languages, evenings, a city."""
    rng = np.random.default_rng(2)
    groups = [f"group_{k}" for k in range(20)]
    weight = 1 / np.sqrt(np.arange(1, 21))
    weight /= weight.sum()
    words = ("alcohol", "opioids", "cocaine", "cannabis")

    def facts(count: int) -> dict[str, Any]:
        latitude, longitude = rng.normal([40.0, -75.0], 0.2)
        days = rng.choice(7, 3, replace=False).tolist()
        return {
            "groups": [groups[k] for k in rng.choice(20, count, replace=False, p=weight)],
            "languages": ["en"] if rng.random() < 0.9 else ["es"],
            "windows": [(day, "18:00", "21:00") for day in days],
            "timezone": "America/New_York",
            "latitude": latitude,
            "longitude": longitude,
            "within_km": 30.0,
            "substances": rng.choice(words, 2, replace=False).tolist(),
        }

    requests = [
        pairing.PairingRequest(
            person=str(i), waiting_since=TODAY - timedelta(int(rng.integers(40))), **facts(2)
        )
        for i in range(people)
    ]
    profiles = [
        SupporterProfile(id=str(j), capacity=places, consented_on=TODAY, **facts(1))
        for j in range(supporters)
    ]
    return requests, profiles


def records(people: int, supporters: int, places: int) -> None:
    """Requests and profiles in, a pairing out; then repairs of it."""
    requests, profiles = both_sides(people, supporters, places)
    taken = [
        seconds(lambda: pairing.match(requests, profiles, as_of=TODAY))
        for _ in range(ROUNDS if people < 50_000 else 1)
    ]
    fresh = statistics.median(taken)
    found = pairing.match(requests, profiles, as_of=TODAY)
    print(f"match {people:,} by {supporters:,}: {fresh:.3g} s, {found}")
    if people <= 4_000:
        drawn = instance(people, supporters, 10, places)
        problem = as_problem(*drawn)
        try:
            print(
                f"  / algmatch on finished lists: {fresh / seconds(lambda: algmatch(problem)):.3f}"
            )
        except ImportError as error:
            print(f"  {error.name} is not installed")
    rng = np.random.default_rng(3)
    new, profile = both_sides(100, 1, places)[0], profiles[0]
    changes: list[Any] = []
    for k in range(100 if people <= 4_000 else 25):
        i, j = int(rng.integers(people)), int(rng.integers(supporters))
        pair = found.pairs[i % len(found.pairs)]
        changes.append(
            [
                pairing.PersonJoined(evolve(new[k], person=f"new{k}")),
                pairing.PersonLeft(str(i)),
                pairing.SupporterJoined(evolve(profile, id="new")),
                pairing.SupporterLeft(str(j)),
                pairing.CapacityChanged(str(j), places + 1),
                pairing.CapacityChanged(str(j), places - 1),
                pairing.PairDeclined(pair.person, pair.supporter),
            ][k % 7]
        )
    repaired = [
        seconds(lambda c=change: pairing.repair(found, [c], as_of=TODAY)) for change in changes
    ]
    median = statistics.median(repaired)
    print(f"  repair / match: {median / fresh:.3f} (median {median:.3g} s; at most 0.25)")


def main() -> None:
    arrays()
    records(4_000, 400, 12)
    if "--large" in sys.argv:
        records(100_000, 10_000, 12)


if __name__ == "__main__":
    main()
