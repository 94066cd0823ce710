"""How well the risk scores tell what came next, on weekly data of a trial.

    python examples/validate_on_trial.py path/to/trial

The folder holds `weekly_patterns.csv` (`who`, `weeks`: one character a week) and
`weekly_landmarks.csv` (`who`, `wk`, what was known by then, and in `y_*` what came after). Nothing
is fitted: the shipped parameters score every row, as known at the end of its week. Printed are the
areas under the ROC curve with 95% intervals of a bootstrap over people, and what share of each
tier met the outcome.
"""

import argparse
import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mshg import risk

# outcome, risk, the rows it is given for
QUESTIONS = (
    ("y_relapse4", "lapse", "weeks in a row without use >= 2"),
    ("y_disengage4", "disengagement", "weeks in a row missed <= 1"),
    ("y_pos_next_attended", "lapse", "next week attended"),
    ("y_nonneg_next", "lapse", "all"),
)


def read(folder: Path) -> tuple[NDArray[np.str_], dict[str, NDArray[np.float64]]]:
    """Each row's pattern, and its columns; an empty cell is NaN."""
    with (folder / "weekly_patterns.csv").open(encoding="utf-8", newline="") as file:
        words = {row["who"]: row["weeks"].replace("_", "o") for row in csv.DictReader(file)}
    with (folder / "weekly_landmarks.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = {name: np.array([float(row[name] or "nan") for row in rows]) for name in rows[0]}
    return np.array([words[row["who"]] for row in rows]), columns


def chosen_rows(columns: dict[str, NDArray[np.float64]], outcome: str) -> NDArray[np.bool_]:
    """Rows that an outcome is judged on."""
    if outcome == "y_relapse4":
        return columns["run_neg"] >= 2
    if outcome == "y_disengage4":
        return columns["gap"] <= 1
    return ~np.isnan(columns[outcome])


def auc(
    score: NDArray[np.float64], outcome: NDArray[np.float64], weight: NDArray[np.float64]
) -> float:
    """Share of pairs, one with the outcome and one without, in which the first scores higher.

    NaN where there is no pair.
    """
    _, place = np.unique(score, return_inverse=True)
    with_it = np.bincount(place, weight * outcome)
    without = np.bincount(place, weight * (1 - outcome))
    below = np.cumsum(without) - without / 2  # a tie counts half
    pairs = with_it.sum() * without.sum()
    return float(with_it @ below / pairs) if pairs else float("nan")


def interval(
    score: NDArray[np.float64],
    outcome: NDArray[np.float64],
    who: NDArray[np.float64],
    rng: np.random.Generator,
    draws: int,
) -> tuple[float, float]:
    """95% interval of a bootstrap over people, each with all of their rows."""
    people, of_row = np.unique(who, return_inverse=True)
    found = []
    for _ in range(draws):
        drawn = np.bincount(rng.integers(0, len(people), len(people)), minlength=len(people))
        found.append(auc(score, outcome, drawn[of_row].astype(float)))
    low, high = np.nanpercentile(found, [2.5, 97.5])
    return float(low), float(high)


def main() -> None:
    """Score every row with the shipped parameters, and print what it tells."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--draws", type=int, default=1000, help="bootstrap samples of people")
    given = parser.parse_args()
    patterns, columns = read(given.folder)
    table = risk.assess_table(
        risk.columns_from_patterns(patterns, columns["wk"].astype(int))
    ).columns()
    rng = np.random.default_rng(0)
    print(f"{risk.METHOD_VERSION}, {len(np.unique(columns['who'])):,} people")
    for outcome, name, whom in QUESTIONS:
        rows = chosen_rows(columns, outcome)
        score, came = table[f"{name}_score"][rows], columns[outcome][rows]
        low, high = interval(score, came, columns["who"][rows], rng, given.draws)
        area = auc(score, came, np.ones(len(came)))
        print(f"{outcome}, {name} score, {rows.sum():,} rows ({whom}): AUROC {area:.3f} ", end="")
        print(f"({low:.3f} to {high:.3f})")
        tier = table[f"{name}_tier"][rows]
        shares = [
            f"{word} {came[tier == place].mean():.0%} of {(tier == place).sum():,}"
            for place, word in enumerate(risk.TIERS)
            if (tier == place).any()
        ]
        print(f"    came to pass: {', '.join(shares)}")


if __name__ == "__main__":
    main()
