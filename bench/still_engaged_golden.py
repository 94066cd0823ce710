"""Make tests/golden/still_engaged.csv with the ModifiedBetaGeoFitter of lifetimes 0.11.3.

lifetimes needs pandas before 3, so the script makes an environment of its own, which is gone
afterwards, and runs itself there.
"""

import csv
import itertools
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

NEEDS = ("lifetimes==0.11.3", "pandas<3")
TABLE = Path(__file__).parents[1] / "tests" / "golden" / "still_engaged.csv"

# shape, scale, a, b: mshg's own numbers, those of its time in weeks, and far ones
POPULATIONS = [(2.0, 7.0, 0.7, 12.2), (2.0, 1.0, 0.7, 12.2), (0.25, 4.4, 0.8, 2.4), (9, 60, 5, 0.3)]
FREQUENCIES = [0, 1, 2, 5, 20, 51, 150, 1000, 20_000]
HISTORIES = [(0, 1), (0, 365), (1, 1), (7, 8), (30, 120), (90, 90), (300, 365), (3649.5, 3650)]


def write(table: Path) -> None:
    import numpy as np
    from lifetimes import ModifiedBetaGeoFitter

    np.seterr(over="ignore")  # a power that overflows gives 0, rightly
    with table.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["shape", "scale", "a", "b", "frequency", "recency", "age", "still_engaged"])
        for population in POPULATIONS:
            fitter = ModifiedBetaGeoFitter()
            fitter.params_ = dict(zip(("r", "alpha", "a", "b"), population, strict=True))
            for frequency, (recency, age) in itertools.product(FREQUENCIES, HISTORIES):
                history = (np.float64(v) for v in (frequency, recency, age))
                alive = fitter.conditional_probability_alive(*history)
                rows.writerow([*population, frequency, recency, age, repr(float(alive[0]))])


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        venv.create(scratch, with_pip=True)
        python = str(Path(scratch) / "bin" / "python")
        subprocess.run([python, "-m", "pip", "install", "-q", *NEEDS], check=True)
        subprocess.run([python, __file__, str(TABLE)], check=True)


if __name__ == "__main__":
    write(Path(sys.argv[1])) if len(sys.argv) > 1 else main()
