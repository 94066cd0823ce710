"""Ten thousand people, 120,000 meetings: mshg beside its peers on the same data, in turn.

The ten nearest meetings in the twelve hours in which each person is free, with a tag that they
want. SciPy's k-d tree fetches the 512 nearest, then filters, so it is not exact. Usage:
meetings.py [people] [meetings] [rounds]
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from datetime import time as clock

import numpy as np
from attrs import evolve
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from mshg import Meeting, Slot
from mshg.meetings import EARTH_RADIUS_KM, Directory, MeetingQuery

PEOPLE = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
MEETINGS = int(sys.argv[2]) if len(sys.argv) > 2 else 120_000
ROUNDS = int(sys.argv[3]) if len(sys.argv) > 3 else 9
FETCHED, WANTED, FREE_MINUTES, TAGS = 512, 10, 720, 20
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
SINGLE = 300


class Work:
    """Places and times drawn at random over the width of the United States."""

    def __init__(self, people: int, meetings: int) -> None:
        rng = np.random.default_rng(0)
        self.person, self.place = (
            np.stack([rng.uniform(25, 49, n), rng.uniform(-124, -67, n)])
            for n in (people, meetings)
        )
        self.start = rng.integers(0, 10_080, meetings)
        self.day, self.minute = np.divmod(self.start, 1_440)
        self.types = rng.integers(0, 2**TAGS, meetings)
        self.free = rng.integers(0, 10_080 - FREE_MINUTES, people)
        self.need = rng.integers(0, TAGS, people)
        self.evenings = rng.permuted(np.tile(np.arange(7), (people, 1)), axis=1)[:, :3]
        self.meetings = [self.meeting(i) for i in range(meetings)]
        self.queries = self.ask()

    def meeting(self, i: int) -> Meeting:
        """One of the meetings."""
        day, minute = divmod(int(self.start[i]), 1_440)
        return Meeting(
            id=str(i),
            group="aa",
            name="x",
            slots=[Slot(weekday=day, start=clock(*divmod(minute, 60)))],
            timezone="UTC",
            latitude=self.place[0, i],
            longitude=self.place[1, i],
            tags=[f"tag_{bit}" for bit in range(TAGS) if self.types[i] >> bit & 1],
        )

    def ask(self) -> list[MeetingQuery]:
        """What the people look for."""
        return [
            MeetingQuery(
                at=MONDAY + timedelta(minutes=int(self.free[i])),
                hours=FREE_MINUTES / 60,
                latitude=self.person[0, i],
                longitude=self.person[1, i],
                any_tags=[f"tag_{self.need[i]}"],
                limit=WANTED,
            )
            for i in range(len(self.free))
        ]

    def ask_evenings(self) -> list[MeetingQuery]:
        """The same over a week, on the three evenings that each is free."""
        return [
            evolve(query, hours=168, timezone="UTC", windows=[(d, "18:00", "21:30") for d in days])
            for query, days in zip(self.queries, self.evenings.tolist(), strict=True)
        ]

    def read(self) -> None:
        """A plain loop over the same fields."""
        for m in self.meetings:
            _ = m.id, m.group, m.mode, m.timezone, m.latitude, m.longitude, m.is_approximate
            for slot in m.slots:
                _ = slot.weekday, slot.start, slot.recurrence
            for _ in m.tags:
                pass
            for _ in m.languages:
                pass

    def kd_tree(self) -> NDArray[np.intp]:
        """Build the tree, fetch more than enough, filter."""
        tree = cKDTree(vectors(self.place))
        _, near = tree.query(vectors(self.person), k=min(len(self.start), FETCHED), workers=-1)
        start, free = self.start[near], self.free[:, None]
        fits = (start >= free) & (start < free + FREE_MINUTES)
        fits &= (self.types[near] >> self.need[:, None] & 1) != 0
        first = np.argsort(~fits, axis=1, kind="stable")[:, :WANTED]
        found = np.take_along_axis(near, first, 1)
        return np.where(np.take_along_axis(fits, first, 1), found, -1)

    def scan(self, i: int) -> NDArray[np.intp]:
        """All distances for one person, all filters, the first ten."""
        fits = (self.start >= self.free[i]) & (self.start < self.free[i] + FREE_MINUTES)
        return self.first_ten(i, fits)

    def scan_evenings(self, i: int) -> NDArray[np.intp]:
        """The same over a week, on three evenings."""
        fits = (self.minute >= 18 * 60) & (self.minute < 21 * 60 + 30)
        return self.first_ten(i, fits & np.isin(self.day, self.evenings[i]))

    def first_ten(self, i: int, fits: NDArray[np.bool_]) -> NDArray[np.intp]:
        """The nearest of those that fit and have the tag."""
        place, person = np.radians(self.place), np.radians(self.person[:, i])
        hav = np.sin((place[0] - person[0]) / 2) ** 2
        hav += np.cos(place[0]) * np.cos(person[0]) * np.sin((place[1] - person[1]) / 2) ** 2
        km = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(hav))
        fits &= (self.types >> self.need[i] & 1) != 0
        among = np.flatnonzero(fits)
        return among[np.argsort(km[among])[:WANTED]]


def vectors(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    north, east = np.radians(degrees)
    return np.stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)], 1)


def seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def in_turn(*calls: Callable[[], object], rounds: int = ROUNDS) -> list[list[float]]:
    """Seconds of each call in each round, after one round to warm up."""
    taken = [[seconds(call) for call in calls] for _ in range(rounds + 1)]
    return [list(column) for column in zip(*taken[1:], strict=True)]


def ratio(name: str, ours: list[float], others: list[float], asked: str) -> None:
    middle = statistics.median(a / b for a, b in zip(ours, others, strict=True))
    medians = statistics.median(ours), statistics.median(others)
    print(f"{name}: {middle:.3f} ({medians[0]:.4g} s beside {medians[1]:.4g} s; asked: {asked})")


def main() -> None:
    work = Work(PEOPLE, MEETINGS)
    directory = Directory(work.meetings)
    print(f"{PEOPLE:,} people, {MEETINGS:,} meetings, {ROUNDS} rounds, medians of ratios")
    many, fresh, peer = in_turn(
        lambda: directory.search_many(work.queries),
        lambda: Directory(work.meetings).search_many(work.queries),
        work.kd_tree,
    )
    ratio("search_many / k-d tree", many, peer, "at most 1")
    ratio("index, weeks unrolled and search_many / k-d tree", fresh, peer, "nothing")
    built, read = in_turn(lambda: Directory(work.meetings), work.read)
    ratio("index / plain loop over the same fields", built, read, "at most 10")
    some = range(min(SINGLE, PEOPLE))
    one, scan = in_turn(
        lambda: [directory.search(work.queries[i]) for i in some],
        lambda: [work.scan(i) for i in some],
        rounds=3,
    )
    ratio(f"{len(some)} single searches / scans", one, scan, "at most 0.1")
    evenings = work.ask_evenings()
    one, scan = in_turn(
        lambda: [directory.search(evenings[i]) for i in some],
        lambda: [work.scan_evenings(i) for i in some],
        rounds=3,
    )
    ratio(f"{len(some)} on three evenings of a week / scans", one, scan, "at most 0.1")
    asking, many = in_turn(work.ask, lambda: directory.search_many(work.queries), rounds=3)
    ratio("making the queries / search_many", asking, many, "nothing")
    small = Work(PEOPLE, MEETINGS // 10)
    few = Directory(small.meetings)
    grown = in_turn(
        lambda: directory.search_many(work.queries),
        lambda: few.search_many(small.queries),
        lambda: [directory.search(work.queries[i]) for i in some],
        lambda: [few.search(small.queries[i]) for i in some],
    )
    ratio("search_many, ten times the meetings", *grown[:2], "far less than 10")
    ratio("single searches, ten times the meetings", *grown[2:], "far less than 10")
    ids = np.array([int(m.id) for m in directory.meetings])
    results = directory.search_many(work.queries)
    free = directory.search_many(evenings)
    exact = [
        ids[results[i].meetings].tolist() == work.scan(i).tolist()
        and ids[free[i].meetings].tolist() == work.scan_evenings(i).tolist()
        for i in some
    ]
    tree = work.kd_tree()
    also = [tree[i].tolist() == work.scan(i).tolist() for i in some]
    none = evolve(evenings[0], windows=[], all_tags=["nowhere"])
    (change,) = in_turn(lambda: directory.search(none).relaxations)
    print(f"what would have to change, where nothing fits: {statistics.median(change):.4g} s")
    print(f"the same as a scan: mshg {sum(exact)}, k-d tree {sum(also)}, of {len(some)}")


if __name__ == "__main__":
    main()
