"""The page on the model says what the code does."""

import re
from pathlib import Path

import pytest

from mshg import risk

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "risk-model-and-limits.md"
LAWS = Path(__file__).parents[2] / "laws" / "test_risk_laws.py"
BUILT = {"time_since_use": ("in the long run", "0 days"), "early_period": ("day 90", "before")}

pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="the docs are not at hand")


def test_the_table_of_signs():
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:3] == "| `"]
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


def test_every_law_is_a_sentence_of_the_page():
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    laws = re.findall(r'def test_\w+\([^)]*\):\n    """(.*?)"""', LAWS.read_text(encoding="utf-8"))
    assert len(laws) > 10
    assert [law for law in laws if law not in page] == []


@pytest.mark.parametrize("room", [risk, risk.instruments], ids=lambda room: room.__name__)
def test_every_docstring_links_to_the_page(room):
    assert PAGE.name in room.__doc__
    public = [getattr(room, name) for name in dir(room) if name[0] != "_"]
    ours = [thing for thing in public if getattr(thing, "__module__", "").startswith("mshg.risk")]
    assert [thing for thing in ours if callable(thing) and PAGE.name not in thing.__doc__] == []
