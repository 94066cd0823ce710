"""The shipped parameters on a real trial, beside the numbers asked for."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from mshg import risk

ROOT = Path(__file__).parents[3]
TRIAL = ROOT.parent / "shared" / "data" / "ctn27"
SCRIPT = ROOT / "examples" / "validate_on_trial.py"

pytestmark = pytest.mark.skipif(not SCRIPT.exists(), reason="the examples are not at hand")
needs_trial = pytest.mark.skipif(not TRIAL.exists(), reason="the real trial is not at hand")


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


@needs_trial
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


@needs_trial
def test_the_script_prints_what_the_docs_say(script, capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["validate_on_trial.py", str(TRIAL), "--draws", "20"])
    script.main()
    said = capsys.readouterr().out
    page = (ROOT / "docs" / "explanation" / "risk-model-and-limits.md").read_text(encoding="utf-8")
    for line in said.splitlines()[1::2]:
        outcome, area = line.split(",")[0], line.split("AUROC ")[1].split()[0]
        assert any(outcome in row and area in row for row in page.splitlines()), outcome


def test_the_script_on_a_made_up_trial(script, tmp_path, capsys, monkeypatch):
    """Eight people, two who use and stay away, in a folder of two files."""
    patterns = tmp_path / "weekly_patterns.csv"
    words = {i: "+o+o+oo" if i < 2 else "-------" for i in range(8)}
    patterns.write_text("who,weeks\n" + "".join(f"{i},{w}\n" for i, w in words.items()))
    came = [int(i < 2) for i in words]
    rows = [
        f"{i},3,2,0,{'' if i == 7 else c},{c},{c},{c}" for i, c in zip(words, came, strict=True)
    ]
    names = "who,wk,run_neg,gap,y_pos_next_attended,y_nonneg_next,y_relapse4,y_disengage4"
    (tmp_path / "weekly_landmarks.csv").write_text("\n".join([names, *rows]))
    monkeypatch.setattr("sys.argv", ["validate_on_trial.py", str(tmp_path), "--draws", "5"])
    script.main()
    said = capsys.readouterr().out
    assert "risk-2, 8 people" in said
    assert "y_pos_next_attended, lapse score, 7 rows (next week attended): AUROC 1.000" in said
    assert "y_disengage4, disengagement score, 8 rows" in said


def test_the_area_of_the_script(script):
    # 3 above 2, 3 above 1, 2 level with 2, 2 above 1: 3.5 of 4; twice the weight on 1: 5.5 of 6
    score, came = np.array([3.0, 2, 2, 1]), np.array([1.0, 1, 0, 0])
    assert script.auc(score, came, np.ones(4)) == 3.5 / 4
    assert script.auc(score, came, np.array([1.0, 1, 1, 2])) == 5.5 / 6
    assert np.isnan(script.auc(score, came, came))
