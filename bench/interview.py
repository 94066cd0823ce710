"""How many questions an interview saves against asking all twelve, and what it costs.

Runs many interviews side by side on arrays, by the rule of `fit.Interview`: ask what is worth
most, stop when the first three are certain or when no single question can change which group is
first. A second rule goes on, where nothing gains, with the question on which groups turn most,
until the first three are certain. Usage: interview.py [people]
"""

import sys

import numpy as np
from numpy.typing import NDArray
from people import kinds_of_people

from mshg import Dimension, Person, catalog, fit

PEOPLE = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
SIZE = 3
GROUPS = list(catalog.load().values())
OPTIONS = fit.option_mask([Person(id="anyone", seeks_help_for="own_use")], GROUPS)[0]
TURNS_ON = np.array(
    [
        max(g.philosophy[d].salience for g, o in zip(GROUPS, OPTIONS, strict=True) if o)
        for d in Dimension
    ]
)


def interviews(
    answers: NDArray[np.float32], *, until_certain: bool
) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Answers given when each interview ends, and how many questions were asked."""
    known = np.full_like(answers, np.nan)
    live = np.arange(len(answers))
    while len(live):
        table = fit.score_table(known[live], groups=GROUPS)
        question = table.next_question(OPTIONS).next_question.copy()
        if until_certain:
            is_open = np.isnan(known[live])
            turning = np.where(is_open, TURNS_ON, -1).argmax(axis=1)
            question = np.where((question < 0) & is_open.any(axis=1), turning, question)
        settled = table.certain(SIZE, OPTIONS).certain.sum(axis=1) >= SIZE
        goes_on = ~settled & (question >= 0)
        live, question = live[goes_on], question[goes_on]
        known[live, question] = answers[live, question]
    return known, (~np.isnan(known)).sum(axis=1)


def report(answers: NDArray[np.float32], *, until_certain: bool) -> None:
    known, asked = interviews(answers, until_certain=until_certain)
    full = fit.score_table(answers, groups=GROUPS)
    ours, best = fit.score_table(known, groups=GROUPS).top(SIZE, OPTIONS), full.top(SIZE, OPTIONS)
    is_same = (np.sort(ours) == np.sort(best)).all(axis=1)
    first = np.take_along_axis(full.score, np.stack([ours[:, 0], best[:, 0]], axis=1), axis=1)
    worst = np.take_along_axis(full.score, ours, axis=1).min(axis=1)
    third = np.take_along_axis(full.score, best[:, -1:], axis=1)[:, 0]
    is_worse = third - worst > fit.DEFAULT_PARAMETERS.close_call
    is_near = first[:, 1] - first[:, 0] <= fit.DEFAULT_PARAMETERS.close_call
    low, middle, high = np.percentile(asked, [10, 50, 90])
    print(
        f"    asked {asked.mean():.1f} on average (median {middle:.0f}; 10th to 90th percentile "
        f"{low:.0f} to {high:.0f}), saved {len(Dimension) - asked.mean():.1f}"
    )
    print(f"    the same three as after all twelve: {is_same.mean():.0%} of people", end="")
    print(f", who were asked {asked[is_same].mean():.1f}")
    print(f"    the same first: {(ours[:, 0] == best[:, 0]).mean():.0%}", end="")
    print(f"; a first that is the best or within a close call of it: {is_near.mean():.1%}")
    print(f"    one of the three fits less than the real third by more: {is_worse.mean():.0%}")


def main() -> None:
    print(f"{PEOPLE:,} people a kind, {OPTIONS.sum()} groups to choose from, {SIZE} places")
    options = [g for g, o in zip(GROUPS, OPTIONS, strict=True) if o]
    for kind, answers in kinds_of_people(options, PEOPLE, np.random.default_rng(0)).items():
        print(f"{kind}:")
        for until_certain, rule in (
            (False, "as fit.interview stops"),
            (True, "until three are certain"),
        ):
            print(f"  {rule}")
            report(answers, until_certain=until_certain)


if __name__ == "__main__":
    main()
