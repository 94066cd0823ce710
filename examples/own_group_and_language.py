"""A host's own group among the options, and everything said in the host's own language.

    python examples/own_group_and_language.py

The group is made up and stands in ``own_group/circle.toml``; the German wording is in
``own_group/de.toml``. A short interview follows, with answers from a list in place of a person.

A wording is what the library itself says. Texts about groups (names, summaries, answers to
concerns, whom a group is for) are data of the catalog and are shown as they stand: those of the
shipped groups are in English, those of the circle in German.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from mshg import Person, catalog, fit
from mshg.wording import Wording

HERE = Path(__file__).parent / "own_group"
OWN_GROUP = "thursday_circle"

ANSWERS = {
    "abstinence": 3,
    "agency": 4,
    "commitment": 2,
    "identity_label": 1,
    "method": 3,
    "spirituality": 2,
    "structure": 2,
}
"""From 1 to 5; what is not here is declined when it is asked."""


def talk(interview: fit.Interview, answers: Mapping[str, int]) -> fit.Interview:
    """Go through an interview and print it, until there is nothing worth asking."""
    while (question := interview.next()) is not None:
        answer = answers.get(question.dimension)
        print(question.text)
        print(f"   1: {question.low}")
        print(f"   3: {question.middle}")
        print(f"   5: {question.high}")
        print(f"   Antwort: {'keine' if answer is None else answer}\n")
        interview = interview.decline() if answer is None else interview.answer(answer)
    return interview


def main() -> None:
    """Load the group and the language, ask, and print a shortlist."""
    groups = catalog.load(extra=HERE / "circle.toml")
    german = Wording.from_toml(HERE / "de.toml", language="de")
    if german.missing:
        sys.exit(f"These sentences would be said in English: {', '.join(german.missing)}")

    person = Person(id="host-17", substances=["alcohol", "cannabis"], seeks_help_for="own_use")
    interview = talk(fit.interview(person, groups, wording=german), ANSWERS)

    shortlist = interview.shortlist()
    print(shortlist.to_text())
    print(f"\n{groups[OWN_GROUP].name}: {groups[OWN_GROUP].summary}")
    why_not = shortlist.why_not("aa")
    if why_not is not None:
        print(f"\nUnd {groups['aa'].name}? {why_not.reason}")


if __name__ == "__main__":
    main()
