"""The page on the model says what the code does."""

import re
from pathlib import Path

import pytest

from mshg import risk

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "risk-model-and-limits.md"
LAWS = Path(__file__).parents[2] / "laws"
FILES = ("test_risk_laws.py", "test_risk_histories_laws.py")
BUILT = {"time_since_use": ("in the long run", "0 days"), "early_period": ("day 90", "before")}

pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="the docs are not at hand")


def test_the_table_of_signs():
    page = PAGE.read_text(encoding="utf-8").split("## The score")[1]
    rows = [line for line in page.splitlines() if line[:3] == "| `"]
    expected = [
        "| "
        + " | ".join(
            (
                f"`{s.name}`",
                *BUILT.get(s.name, (f"{s.zero:g}", f"{s.full:g}")),
                f"{s.lapse:g}",
                f"{s.disengagement:g}",
                s.source,
            )
        )
        + " |"
        for s in risk.SIGNS
    ]
    assert rows[: len(expected)] == expected


def test_the_table_of_floors():
    """Each floor stands in the page with its tiers, days and source."""
    page = PAGE.read_text(encoding="utf-8")
    for floor in risk.FLOORS:
        row = next(line for line in page.splitlines() if line.startswith(f"| `{floor.name}` |"))
        cells = [cell.strip() for cell in row.split("|")]
        lifted = [risk.TIERS[t] if t >= 0 else "" for t in (floor.lapse, floor.disengagement)]
        assert cells[3:7] == [*lifted, str(floor.days), floor.source]


def test_every_law_is_a_sentence_of_the_page():
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    text = "".join((LAWS / name).read_text(encoding="utf-8") for name in FILES)
    laws = re.findall(r'def test_\w+\([^)]*\):\n    """(.*?)"""', text)
    assert len(laws) > 25
    assert [law for law in laws if law not in page] == []


@pytest.mark.parametrize("package", [risk, risk.instruments], ids=lambda package: package.__name__)
def test_every_docstring_links_to_the_page(package):
    assert PAGE.name in package.__doc__
    public = [getattr(package, name) for name in dir(package) if name[0] != "_"]
    ours = [thing for thing in public if getattr(thing, "__module__", "").startswith("mshg.risk")]
    assert [thing for thing in ours if callable(thing) and PAGE.name not in thing.__doc__] == []
