"""How many questions an interview saves against asking all twelve, and what stopping earlier costs.

Runs many interviews side by side on arrays, by the rule of `fit.Interview`: ask what is worth most,
else what can move two groups furthest apart, and stop when the order of the first three is certain.
A second rule stops earlier, where no single answer could change which group is first: what a host
may do that only needs the first. Usage: interview.py [people]
"""

import sys

import numpy as np
from numpy.typing import NDArray
from people import kinds_of_people

from mshg import Dimension, Person, catalog, fit

PEOPLE = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
SIZE = 3
GROUPS = list(catalog.load().values())
REACH = fit.reach(GROUPS)
ABSTINENCE = list(Dimension).index(Dimension.ABSTINENCE)
ASKED = {
    "nothing else known": Person(id="1", seeks_help_for="own_use"),
    "alcohol, abstinence": Person(
        id="1", seeks_help_for="own_use", substances=["alcohol"], goal="abstinence"
    ),
    "opioids": Person(id="1", seeks_help_for="own_use", substances=["opioids"]),
    "a relative, opioids": Person(
        id="1", seeks_help_for="someone_elses_use", substances=["opioids"]
    ),
}


class Interviews:
    """Interviews with people of whom the same is known, but for their answers."""

    def __init__(self, person: Person) -> None:
        self.has_goal = person.goal is not None
        self.options = fit.option_mask([person], GROUPS)[0]
        self.belonging = fit.belonging([person], GROUPS)[0]
        self.swings = self.ranked(np.full((1, len(Dimension)), np.nan)).swings(self.options)

    def ranked(self, answers: NDArray[np.float32]) -> fit.RankingTable:
        """Their order by rank."""
        return fit.ranking_table(answers, groups=GROUPS, belonging=self.belonging, reach=REACH)

    def run(self, answers: NDArray[np.float32], *, until_certain: bool) -> NDArray[np.float32]:
        """Answers given when each interview ends."""
        answered = np.full_like(answers, np.nan)
        if self.has_goal:
            answered[:, ABSTINENCE] = answers[:, ABSTINENCE]
        live = np.arange(len(answers))
        while len(live):
            table = self.ranked(answered[live])
            question = table.next_question(self.options).dimension.copy()
            if until_certain:
                is_open = np.isnan(answered[live])
                widest = np.where(is_open, self.swings, -1).argmax(axis=1)
                question = np.where((question < 0) & is_open.any(axis=1), widest, question)
            settled = table.certain(SIZE, self.options).in_order >= min(SIZE, self.options.sum())
            goes_on = ~settled & (question >= 0)
            live, question = live[goes_on], question[goes_on]
            answered[live, question] = answers[live, question]
        return answered

    def report(self, answers: NDArray[np.float32], *, until_certain: bool) -> str:
        """How many were asked, and what twelve answers would have given."""
        if self.has_goal:
            answers = answers.copy()
            answers[:, ABSTINENCE] = 1
        answered = self.run(answers, until_certain=until_certain)
        asked = (~np.isnan(answered)).sum(axis=1) - self.has_goal
        ours = self.ranked(answered).top(SIZE, self.options)
        best = self.ranked(answers).top(SIZE, self.options)
        is_first = ours[:, 0] == best[:, 0]
        is_same = (np.sort(ours) == np.sort(best)).all(axis=1)
        share = f"same first {is_first.mean():4.0%}, same three {is_same.mean():4.0%}"
        return f"asked {asked.mean():4.1f}, {share}"


def main() -> None:
    print(f"{PEOPLE:,} people a kind, {SIZE} places")
    for known, person in ASKED.items():
        interviews = Interviews(person)
        options = [g for g, o in zip(GROUPS, interviews.options, strict=True) if o]
        for kind, answers in kinds_of_people(options, PEOPLE, np.random.default_rng(0)).items():
            print(f"{known}; {kind}")
            print("  as fit.interview stops:", interviews.report(answers, until_certain=True))
            print("  once the first is:     ", interviews.report(answers, until_certain=False))


if __name__ == "__main__":
    main()
