"""How often masks miss, and how often they take what is nobody's, over tables of short texts."""

import json
import re
from functools import cache
from pathlib import Path

import pytest

from mshg.feeds.masking import clean

TABLE = Path(__file__).with_name("masking_table.txt")
MOST = 0.02
BRACED = re.compile(r"\{((?:[^{}]|\{(?:at|dot)\})*)\}")


def lines():
    """Texts, with their parts that are somebody's."""
    for line in TABLE.read_text("utf-8").splitlines():
        if line and not line.startswith("#") and line != "-":
            yield BRACED.sub(r"\1", line), BRACED.findall(line), BRACED.sub(" ", line)


def judged(text, secrets, others):
    """Whether something of somebody's stayed, and what else was lost."""
    found = clean(text, is_notes=True)
    kept = " ".join(filter(None, (found.text, *found.codes, *found.links, *found.phones)))
    missed = [s for s in secrets if s in (found.text or "")]
    words = re.findall(r"[^\W_]{2,}", others.replace("&#64;", ""))
    return missed, [w for w in words if w.lower() not in kept.lower() and w != "mailto"]


def test_masks_miss_little_and_take_little_that_is_nobody_s(capsys):
    """Of 400 short texts and more, masks miss in at most 2 %, and take too much in at most 2 %."""
    table = list(lines())
    with_some = [row for row in table if row[1]]
    without = [row for row in table if not row[1]]
    assert min(len(with_some), len(without)) >= 200
    misses = [row for row in with_some if judged(*row)[0]]
    wrong = [row for row in table if judged(*row)[1]]
    with capsys.disabled():
        print(  # noqa: T201 (the rates are what the table is for)
            f"\nmasks, own table: missed in {len(misses)} of {len(with_some)} texts "
            f"({len(misses) / len(with_some):.1%}), took too much in {len(wrong)} of {len(table)} "
            f"({len(wrong) / len(table):.1%})"
        )
    assert len(misses) <= MOST * len(with_some), misses
    assert len(wrong) <= MOST * len(table), [(row[0], judged(*row)) for row in wrong]


LISTS = Path(__file__).parents[4] / "shared" / "data" / "meetings"
PLACES = Path(__file__).with_name("masking_real.txt")
MASK = re.compile(r"\[(?:name|phone|email|account)\]")


@cache
def rows_of(name):
    return json.loads((LISTS / f"{name}.json").read_text("utf-8"))


def masks_in(text):
    found = clean(text, is_notes=True)
    handed_on = (*found.codes, *found.links, *found.phones)
    return len(MASK.findall(found.text or "")) + len(handed_on)


@pytest.mark.skipif(not LISTS.exists(), reason="the real meeting lists are not at hand")
def test_masks_do_as_well_on_texts_of_real_lists(capsys):
    """Of 200 texts taken unchanged from real lists, the same rates hold."""
    places = [p.split() for p in PLACES.read_text("utf-8").splitlines() if not p.startswith("#")]
    assert len(places) == 200
    table = [(rows_of(name)[int(row)][field], int(n)) for name, row, field, n in places]
    misses = sum(masks_in(text) < n for text, n in table)
    wrong = [text for text, n in table if masks_in(text) > n]
    with capsys.disabled():
        print(  # noqa: T201 (the rates are what the table is for)
            f"\nmasks, texts of real lists: missed in {misses} of {len(table)} "
            f"({misses / 200:.1%}), took too much in {len(wrong)} ({len(wrong) / 200:.1%})"
        )
    assert misses <= MOST * 200
    assert len(wrong) <= MOST * 200
