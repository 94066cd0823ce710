"""Who is shown to people who answer at random: the checks that a shortlist is sensible.

For each substance, people with a goal of abstinence who answer 4 to 8 of the twelve questions at
random. The fellowship for that substance should be among three for at least 70% and first for 25 to
75%; a group for people on medication is shown to at most 1% of those not known to take it, a
women's fellowship to at most 1% of those not known to be women; and no option stands without a
reason for it or a rule that keeps its place. Usage: shortlists.py [people]
"""

import sys
from collections import Counter
from multiprocessing import Pool

import numpy as np

from mshg import Dimension, Person, StanceProfile, catalog, fit

PEOPLE = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
CHUNK = 500
FELLOWSHIPS = {
    "alcohol": "aa",
    "opioids": "na",
    "cocaine": "ca",
    "methamphetamine": "cma",
    "cannabis": "ma",
}
GROUPS = catalog.load()
DIMENSIONS = list(Dimension)


def counted(job: tuple[str, int]) -> Counter[str]:
    """How often each group is shown and first, for a chunk of people."""
    substance, seed = job
    rng = np.random.default_rng([seed, list(FELLOWSHIPS).index(substance)])
    found: Counter[str] = Counter()
    for _ in range(CHUNK):
        asked = rng.choice(len(DIMENSIONS), rng.integers(4, 9), replace=False)
        answers = {DIMENSIONS[j]: int(rng.integers(1, 6)) for j in asked}
        person = Person(
            id="1",
            goal="abstinence",
            substances=[substance],
            seeks_help_for="own_use",
            stances=StanceProfile.from_likert(answers),
        )
        options = fit.shortlist(person, GROUPS).options
        found.update(f"shown {option.group}" for option in options)
        found[f"first {options[0].group}"] += 1
        found["unexplained"] += sum(not (o.reasons_for or o.kept_by) for o in options)
    return found


def main() -> None:
    print(f"{PEOPLE:,} people a substance, {len(GROUPS)} groups")
    with Pool() as pool:
        for substance, fellowship in FELLOWSHIPS.items():
            jobs = [(substance, seed) for seed in range(max(PEOPLE // CHUNK, 1))]
            found = sum(pool.imap_unordered(counted, jobs), Counter())
            people = len(jobs) * CHUNK
            shown, first = found[f"shown {fellowship}"], found[f"first {fellowship}"]
            others = (
                f"MARA {found['shown mara'] / people:.1%}, WFS {found['shown wfs'] / people:.1%}"
            )
            print(f"  {substance}: {fellowship} among three {shown / people:.1%} (at least 70%),")
            print(f"    first {first / people:.1%} (25 to 75%); {others} (at most 1%);")
            print(f"    options without a reason or a rule: {found['unexplained']} (0)")


if __name__ == "__main__":
    main()
