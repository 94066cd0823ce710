"""The laws of time: no pattern of the readers, and no reader, takes long for hostile text.

The families of hostile text are made from each pattern's own source: runs of each character that
it names, two of its parts in turn, texts that nearly match. Time is the least of several runs, at
sizes where work outweighs the noise, over three doublings at once: so a busy machine can slow a
run, but can't make a linear pattern look quadratic.
"""

import importlib
import os
import pkgutil
import random
import re
import re._constants as sre
import re._parser as parser
from collections.abc import Mapping
from itertools import permutations
from time import thread_time

import pytest

import mshg.feeds
from mshg import feeds
from mshg.feeds.bmlt import LAYOUT as BMLT_LAYOUT
from mshg.feeds.meeting_guide import LAYOUT as MEETING_GUIDE

pytestmark = pytest.mark.skipif(
    os.environ.get("MSHG_TEST_PROFILE") == "dev", reason="times of patterns: not asked for again"
)

MOST_PER_DOUBLING = 2.5
DOUBLINGS = 3
MEASURABLE = 2e-4  # seconds
SMALLEST, LARGEST = 1 << 9, 1 << 16
TOKENS = 6
SAMPLES = 3
ANY_CHARACTERS = "aA1 \n.-@</:,;\"'(_é\u00a0"
CATEGORIES = {
    sre.CATEGORY_DIGIT: str.isdigit,
    sre.CATEGORY_SPACE: str.isspace,
    sre.CATEGORY_WORD: lambda c: c.isalnum() or c == "_",
    sre.CATEGORY_NOT_DIGIT: lambda c: not c.isdigit(),
    sre.CATEGORY_NOT_SPACE: lambda c: not c.isspace(),
    sre.CATEGORY_NOT_WORD: lambda c: not (c.isalnum() or c == "_"),
}
REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)


def patterns_in(value, name, seen):
    """Every compiled pattern in a value, however deep."""
    if isinstance(value, re.Pattern):
        yield name, value
    elif isinstance(value, (tuple, list, Mapping)) and id(value) not in seen:
        seen.add(id(value))
        members = value.items() if isinstance(value, Mapping) else enumerate(value)
        for key, member in members:
            yield from patterns_in(member, f"{name}[{key}]", seen)


def all_patterns():
    """The patterns of every module of the readers, each once."""
    found, seen = {}, set()
    for module in pkgutil.walk_packages(mshg.feeds.__path__, "mshg.feeds."):
        loaded = importlib.import_module(module.name)
        for key, value in vars(loaded).items():
            for name, pattern in patterns_in(value, f"{module.name[11:]}.{key}", seen):
                found.setdefault((pattern.pattern, pattern.flags), (name, pattern))
    return list(found.values())


def members(items):
    """Characters that a class holds, one for each of its parts."""
    tests, is_negated = [], False
    for kind, value in items:
        if kind is sre.NEGATE:
            is_negated = True
        elif kind is sre.LITERAL:
            tests.append((chr(value), lambda c, v=value: ord(c) == v))
        elif kind is sre.RANGE:
            low, high = value
            tests.append((chr(low), lambda c, a=low, b=high: a <= ord(c) <= b))
        elif kind is sre.CATEGORY:
            test = CATEGORIES[value]
            tests.append((next(c for c in ANY_CHARACTERS if test(c)), test))
    if is_negated:
        return [c for c in ANY_CHARACTERS if not any(test(c) for _, test in tests)][:4]
    return [sample for sample, _ in tests]


class Texts:
    """Texts that a pattern's source suggests."""

    def __init__(self, pattern):
        self.tokens = {}
        self.tree = parser.parse(pattern.pattern, pattern.flags)
        self.random = random.Random(0)  # noqa: S311 (the same texts at each run)
        self.samples = {"".join(self.walk(self.tree)) for _ in range(SAMPLES)}

    def walk(self, tree):
        """One text that matches, as parts; what it is made of is noted."""
        run = ""
        for kind, value in tree:
            if kind is sre.LITERAL:
                run += chr(value)
                self.tokens[chr(value)] = None
                continue
            if run:
                self.tokens[run] = None
                yield run
                run = ""
            yield from self.one(kind, value)
        if run:
            self.tokens[run] = None
            yield run

    def one(self, kind, value):
        pick = None
        if kind is sre.IN:
            found = members(value)
            self.tokens.update(dict.fromkeys(found))
            pick = self.random.choice(found) if found else ""
        elif kind is sre.NOT_LITERAL:
            pick = next(c for c in ANY_CHARACTERS if ord(c) != value)
        elif kind is sre.ANY:
            pick = "a"
        elif kind is sre.BRANCH:
            every = [list(self.walk(branch)) for branch in value[1]]
            yield from self.random.choice(every)
        elif kind in REPEATS:
            low, high, inner = value
            part = "".join(self.walk(inner))
            self.tokens[part] = None
            times = max(low, min(int(high), self.random.choice((1, 3))))
            yield part * times
        elif kind is sre.SUBPATTERN:
            yield from self.walk(value[-1])
        elif kind is sre.ATOMIC_GROUP:
            yield from self.walk(value)
        elif kind is sre.ASSERT:
            list(self.walk(value[1]))
        if pick is not None:
            self.tokens[pick] = None
            yield pick

    def families(self):
        """Ways to make a text of any length."""
        tokens = [t for t in self.tokens if t]
        single = list(tokens)
        few = tokens if len(tokens) <= TOKENS else self.random.sample(tokens, TOKENS)
        prefixes = sorted({s[:k] for s in self.samples for k in self.cuts(s)} - {""})
        for unit in dict.fromkeys((*single, *map("".join, permutations(few, 2)), *prefixes)):
            yield lambda n, u=unit: u * (n // len(u)), unit
        ends = self.random.sample(few, min(len(few), 6))
        for start, unit in permutations(ends, 2):  # a run between, as in "a\n\n\n\nb"
            yield lambda n, s=start, u=unit: s + u * (n // len(u)) + "b", f"{start}|{unit}"
        for prefix in prefixes:
            for unit in ends[:3]:
                yield lambda n, s=prefix, u=unit: s + u * (n // len(u)), f"{prefix}|{unit}"

    def cuts(self, text):
        """Where to break a text that matches off."""
        places = range(1, len(text) + 1)
        return set(self.random.sample(places, min(len(places), 3))) | {len(text), len(text) - 1} - {
            0
        }


def seconds(call, text):
    """The time that a call takes this thread."""
    start = thread_time()
    call(text)
    return thread_time() - start


def growth(call, family):
    """How many times as long for twice the length, over some doublings; 0 where it takes none."""
    size = SMALLEST
    while (short := seconds(call, family(size))) < MEASURABLE:
        size *= 2
        if size > LARGEST:
            return 0.0
    ratio = 0.0
    for again in range(6):  # a busy machine is asked again
        for doubling in range(1, DOUBLINGS + 1):
            long = seconds(call, family(size << doubling))
            ratio = (long / short) ** (1 / doubling)
            if long > 0.3 and ratio > MOST_PER_DOUBLING:
                return ratio
        if ratio <= MOST_PER_DOUBLING:
            break
        short = min(seconds(call, family(size)) for _ in range(3 + again))
    return ratio


PATTERNS = all_patterns()


@pytest.mark.parametrize("pattern", [p for _, p in PATTERNS], ids=[n for n, _ in PATTERNS])
def test_time_of_a_pattern_grows_as_the_text(pattern):
    """For twice the length, a pattern of the readers takes at most 2.5 times as long."""
    for family, made_of in Texts(pattern).families():
        assert growth(lambda t: pattern.sub("", t), family) <= MOST_PER_DOUBLING, made_of
        assert growth(pattern.fullmatch, family) <= MOST_PER_DOUBLING, made_of


UNITS = ("\n", " ", "a", "1", "\n1", "+1 ", "A. ", "1, ", "a/", "<a ", "[", "PW: ", "id 1", "mon,")
GUIDE = {"name": "Noon", "slug": "noon", "day": 1, "time": "12:00"}
BMLT = {
    "id_bigint": "1",
    "meeting_name": "Noon",
    "weekday_tinyint": "2",
    "start_time": "12:00:00",
}
FIELDS = [
    *((feeds.read_meeting_guide, GUIDE, key) for key in sorted(MEETING_GUIDE.known)),
    *((feeds.read_bmlt, BMLT, key) for key in sorted(BMLT_LAYOUT.known)),
]


@pytest.mark.parametrize(
    ("read", "row", "key"), FIELDS, ids=[f"{r.__name__}-{k}" for r, _, k in FIELDS]
)
def test_time_of_a_row_grows_as_its_text(read, row, key):
    """For twice the length of a field, a reader takes at most 2.5 times as long."""
    for unit in UNITS:
        assert (
            growth(
                lambda text: read([{**row, key: text}], group="aa", default_timezone="UTC"),
                lambda n, u=unit: f"a{u * (n // len(u))}b",
            )
            <= MOST_PER_DOUBLING
        ), unit
