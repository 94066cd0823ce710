"""The shipped parameters on a real trial, beside the numbers asked for."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from mshg import risk

ROOT = Path(__file__).parents[3]
TRIAL = ROOT.parent / "shared" / "data" / "ctn27"
SCRIPT = ROOT / "examples" / "validate_on_trial.py"

pytestmark = pytest.mark.skipif(
    not (TRIAL.exists() and SCRIPT.exists()), reason="the real trial is not at hand"
)


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("validate_on_trial", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def trial(script):
    patterns, columns = script.read(TRIAL)
    weeks = columns["wk"].astype(int)
    return risk.assess_table(risk.columns_from_patterns(patterns, weeks)), columns


@pytest.mark.parametrize(
    ("outcome", "score", "rows", "asked"),
    [
        ("y_relapse4", "lapse_score", 4_401, 0.68),
        ("y_disengage4", "disengagement_score", 13_878, 0.776),
        ("y_pos_next_attended", "lapse_score", 11_125, 0.857),
        ("y_nonneg_next", "lapse_score", 19_035, 0.866),
    ],
)
def test_discrimination(script, trial, *, outcome, score, rows, asked):
    table, columns = trial
    chosen = script.chosen_rows(columns, outcome)
    assert chosen.sum() == rows
    found = script.auc(getattr(table, score)[chosen], columns[outcome][chosen], np.ones(rows))
    assert found >= asked


def test_the_script_prints_what_the_docs_say(script, capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["validate_on_trial.py", str(TRIAL), "--draws", "20"])
    script.main()
    said = capsys.readouterr().out
    page = (ROOT / "docs" / "explanation" / "risk-model-and-limits.md").read_text(encoding="utf-8")
    for line in said.splitlines()[1::2]:
        outcome, area = line.split(",")[0], line.split("AUROC ")[1].split()[0]
        assert any(outcome in row and area in row for row in page.splitlines()), outcome
