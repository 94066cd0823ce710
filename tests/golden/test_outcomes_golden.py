"""Outcomes worked by hand from the rules, and agreement with published ones where they are at hand.

Weeks count from 1. A rule "j in a window of k" is dated at the first week of the first window that
qualifies plus k - j, and censored at the first week of the last window plus k - j.
"""

import csv
from pathlib import Path

import numpy as np
import pytest
from attrs import evolve

from mshg import outcomes

DATA = Path(__file__).parents[3] / "shared" / "data" / "ctn27"
CTN27, WEEKLY = DATA / "published_outcomes.csv", DATA / "weekly_patterns.csv"


def outcome(word, definition):
    found = [c[0].item() for c in outcomes.evaluate([word], definition).columns().values()]
    return tuple(found[: len(found) // 2]) if len(found) > 2 else found[0]


@pytest.mark.parametrize(
    ("key", "word", "expected"),
    [
        # Weeks 3 to 6 are use, missing and mixed among them: the window begins in week 3.
        ("ctn0094_relapse", "--+o*+--", (True, 3)),
        # Eight weeks, so the last window begins in week 5; an unscheduled week is no use.
        ("ctn0094_relapse", "--+o_*+-", (False, 5)),
        ("ctn0094_dropout", "-oo+oooo", (True, 5)),
        ("ctn0094_dropout", "-ooo*ooo", (False, 5)),
        ("schottenfeld2008_relapse", "+-+++-", (True, 3)),
        ("schottenfeld2008_relapse", "++-++-", (False, 4)),
        # Weeks 2 and 5 fall into the window of weeks 2 to 5, and none earlier: 2 + 4 - 2.
        ("lee2016", "-+--+-", (True, 4)),
        # Four apart they share no window. The last begins in week 3: 3 + 4 - 2.
        ("lee2016", "+---+-", (False, 5)),
        ("lee2016", "++----", (True, 3)),
        # The run of weeks 1 to 5 holds no four weeks from week 3; that of weeks 4 to 7 does.
        ("lee2018", "++-++++-", (True, 4)),
        ("lee2018", "+++++---", (False, 5)),
        ("lee2018", "++++++--", (True, 3)),
        ("krupitsky2004", "-+o*-", True),
        ("krupitsky2004", "++-++", False),
        ("johnson1992", "++++-+-+", False),  # weeks 1 to 4; week 4 alone is left
        ("johnson1992", "---++---", True),
        ("kosten1993", "+---+", True),
        ("kosten1993", "--o--*--_--", False),
        ("ling1998", "+----", True),
        ("ling1998", "---+---", False),
        ("krupitsky2011_abstinence", "++++-----------++", True),  # weeks 5 to 15 are no use
        ("krupitsky2011_abstinence", "++++----------+", False),  # week 15 is use
        ("krupitsky2011_abstinence", "++++--_--", True),
        ("krupitsky2011_abstinence", "++++--o--", False),
        ("krupitsky2011_count", "----" + "-o-*-_-+---" + "--", 7),
        ("fiellin2006", "--+o*_-", 3),
        ("schottenfeld2008_longest", "--o---+-", 3),
        ("schottenfeld2005", "--o---+-", 5),
        ("schottenfeld2005", "-o*o--_--", 2),  # mixed breaks it, and so does not scheduled
        ("schottenfeld2008_first_use", "--o+", (True, 3)),
        ("schottenfeld2008_first_use", "-_--", (False, 4)),
        ("mokri2016", "--*+", (True, 3)),
        ("shufman1994", "--o+", (True, 4)),
        ("shufman1994", "ooo-", (False, 4)),
        ("weiss_ctn0030", "++-+--", True),  # weeks 3 to 5 hold one use
        ("weiss_ctn0030", "--o+--", False),
        ("weiss_ctn0030", "-----o", False),
        ("weiss_ctn0030", "--_--+-", True),
        # Weeks 5, 7: 2 of 3. 8 as 7: no use. 9 to 15 as 9 9 11 11 13 13 15: all no use.
        ("lofwall2018", "++++-+-+-+-+-+-", True),
        # Week 7 is use, and so is the unseen week 8.
        ("lofwall2018", "------+--------", False),
        # Week 15 alone is use: six of seven.
        ("lofwall2018", "--------------+", True),
        # Week 13 is use, and so is week 14: five of seven.
        ("lofwall2018", "------------+--", False),
        # Fourteen weeks; the fifteenth is padded with use: six of seven.
        ("lofwall2018", "--------------", True),
        # Twelve weeks; 13 and 15 are padded, 14 is as 13: four of seven.
        ("lofwall2018", "------------", False),
        # Not scheduled is not seen: week 9 is as week 8, which is as week 7.
        ("lofwall2018", "-------+_------", True),
        ("lofwall2018", "-", False),
        # Longer than a word of 64 weeks, and a run longer than a byte counts.
        ("mokri2016", "+" + "-" * 69, (True, 1)),
        ("mokri2016", "-" * 64 + "+-----", (True, 65)),
        ("ctn0094_relapse", "-" * 62 + "++++--", (True, 63)),
        ("schottenfeld2008_longest", "-" * 300, 300),
    ],
)
def test_by_hand(key, word, expected):
    assert outcome(word, key) == expected


def test_unknown_weeks_by_hand():
    # -+oo+-: use in weeks 2 and 5, unknown 3 and 4. Four in a row only if both are use: from 2.
    relapse = evolve(outcomes.DEFINITIONS["ctn0094_relapse"], missing="unknown")
    table = outcomes.evaluate(["-+oo+-", "-++++o", "-+-o+-"], relapse)
    assert table.event.tolist() == [False, True, False]
    assert table.possible_event.tolist() == [True, True, False]
    assert table.week.tolist() == [3, 2, 3]  # six weeks: censored at week 3
    assert table.possible_week.tolist() == [2, 2, 3]
    assert table.is_unknown.tolist() == [True, False, False]
    # The longest run is 2 if both are use, and 5 if both are not.
    longest = evolve(outcomes.DEFINITIONS["schottenfeld2008_longest"], missing="unknown")
    table = outcomes.evaluate(["-oo--+"], longest)
    assert (table.value[0], table.possible_value[0], table.is_unknown[0]) == (2, 5, True)


PUBLISHED = {
    "ctn0094_relapse": "ctn0094_relapse",
    "ctn0094_dropout": "ctn0094_dropout",
    "schottenfeld2008_relapse": "schottenfeld2008_rel",
    "lee2016": "lee2016_rel",
    "lee2018": "lee2018_rel",
    "krupitsky2004": "krupitsky2004_hasRel",
    "johnson1992": "johnson1992_hasRel",
    "kosten1993": "kosten1993_isAbs",
    "ling1998": "ling1998_isAbs",
    "krupitsky2011_abstinence": "krupitsky2011A_isAbs",
    "krupitsky2011_count": "krupitsky2011B_abs",
    "fiellin2006": "fiellin2006_abs",
    "schottenfeld2008_longest": "schottenfeld2008B_abs",
    "schottenfeld2005": "schottenfeld2005_abs",
    "schottenfeld2008_first_use": "schottenfeld2008A_abs",
    "mokri2016": "mokri2016_abs",
    "shufman1994": "shufman1994_absN",
    "weiss_ctn0030": "weissLingCTN0030_isAbs",
    "lofwall2018": "lofwall2018_isAbs",
}


@pytest.mark.skipif(not CTN27.exists(), reason="the published outcomes are not at hand")
def test_every_published_outcome_of_every_person():
    """All columns, all people, exactly."""
    with CTN27.open(encoding="utf-8", newline="") as file:
        people = list(csv.DictReader(file))
    stated = set()
    for key, column in PUBLISHED.items():
        table = outcomes.evaluate([p["usePatternUDS"] for p in people], key)
        found = {column: table.value}
        if table.value is None:
            found = {f"{column}_event": table.event.astype(int), f"{column}_time": table.week}
        for name, values in found.items():
            assert [str(value) for value in values.tolist()] == [p[name] for p in people], name
        stated |= found.keys()
    assert len(people) == 1269
    assert stated == people[0].keys() - {"who", "usePatternUDS"}
    assert PUBLISHED.keys() == outcomes.DEFINITIONS.keys()


@pytest.mark.skipif(not WEEKLY.exists(), reason="the weekly patterns of the trial are not at hand")
def test_the_rates_that_the_page_on_missing_weeks_tells():
    """Our own figures from the trial's weekly patterns."""
    with WEEKLY.open(encoding="utf-8", newline="") as file:
        patterns = [row["weeks"] for row in csv.DictReader(file)]
    table = outcomes.compare_definitions(patterns)
    bounds = np.round(100 * np.stack([table.low, table.high], axis=1), 1).tolist()
    stated = dict(zip(table.keys, bounds, strict=True))
    assert table.n_patterns == 1269
    assert stated["ctn0094_relapse"] == [26.6, 73.8]
    assert stated["kosten1993"] == [50.0, 91.2]
    assert stated["weiss_ctn0030"] == [13.2, 80.7]
    assert round("".join(patterns).count("o") / sum(map(len, patterns)), 2) == 0.44
