"""Which medication is for opioid use, and what a test finds because of it.

Names are those of labels in the United States and common ones elsewhere; a name that is not here
is taken at its word, by what the record says that it is for (judgment).
"""

import re
from collections.abc import Iterable
from datetime import date

from mshg.domain import Substance
from mshg.events.folding.parts import Treatment
from mshg.events.vocabulary import TreatmentKind

_LETTERS = re.compile(r"[^\W\d_]+")

_OPIOID_AGONISTS = frozenset(
    (
        *("methadone", "methadose", "dolophine", "diskets", "levomethadone", "polamidon"),
        *("buprenorphine", "suboxone", "subutex", "zubsolv", "bunavail", "sublocade", "brixadi"),
        *("probuphine", "buvidal", "temgesic", "espranor", "substitol", "diamorphine"),
        *("diacetylmorphine", "hydromorphone", "morphine"),
    )
)
_ANTAGONISTS = frozenset(("naltrexone", "vivitrol", "revia", "depade"))
_FOR_OTHERS = {
    Substance.ALCOHOL: frozenset(
        ("acamprosate", "campral", "disulfiram", "antabuse", "nalmefene", "selincro")
    ),
    Substance.NICOTINE: frozenset(("nicotine", "varenicline", "chantix", "champix", "zyban")),
    Substance.BENZODIAZEPINES: frozenset(
        (
            *("diazepam", "valium", "chlordiazepoxide", "librium", "clonazepam", "klonopin"),
            *("lorazepam", "ativan", "oxazepam", "alprazolam", "xanax"),
        )
    ),
}
_BENZODIAZEPINES = _FOR_OTHERS[Substance.BENZODIAZEPINES]
_REPLACED = frozenset((Substance.OPIOIDS, Substance.BENZODIAZEPINES, Substance.NICOTINE))
"""What is treated with something of its own kind, so that a test finds the medication."""


def same_name(one: str | None, other: str | None) -> bool:
    """Whether two names are one, in whatever case and spacing; two without a name are."""
    return _folded(one) == _folded(other)


def _folded(name: str | None) -> str | None:
    return None if name is None else " ".join(name.casefold().split())


def purposes(name: str | None, substances: frozenset[Substance]) -> frozenset[Substance]:
    """What a medication is for, as said or by its name; empty where nobody knows.

    Naltrexone is for opioid use or for alcohol, so its name alone says neither.
    """
    words = _words(name)
    found = set(substances)
    if words & _OPIOID_AGONISTS:
        found.add(Substance.OPIOIDS)
    if not substances:
        found |= {substance for substance, names in _FOR_OTHERS.items() if words & names}
    return frozenset(found)


def may_be_for_opioids(treatment: Treatment) -> bool:
    """Whether it is medication for opioid use, or for what nobody knows."""
    if treatment.kind is not TreatmentKind.MEDICATION:
        return False
    found = purposes(treatment.name, treatment.substances)
    return not found or Substance.OPIOIDS in found


def is_for_opioids(treatment: Treatment) -> bool:
    """Whether it is medication for opioid use, as far as is known."""
    is_medication = treatment.kind is TreatmentKind.MEDICATION
    return is_medication and Substance.OPIOIDS in purposes(treatment.name, treatment.substances)


def is_opioid(treatment: Treatment) -> bool:
    """Whether it is an opioid itself: for opioid use, and no antagonist."""
    return is_for_opioids(treatment) and not _words(treatment.name) & _ANTAGONISTS


def explains(treatment: Treatment, substance: Substance) -> bool:
    """Whether a test for a substance finds this medication."""
    words = _words(treatment.name)
    if treatment.kind is not TreatmentKind.MEDICATION:
        return False
    if substance is Substance.OPIOIDS:
        return is_opioid(treatment)
    if substance is Substance.BENZODIAZEPINES and words & _BENZODIAZEPINES:
        return True
    return substance in _REPLACED and substance in purposes(treatment.name, treatment.substances)


def was_taken(treatment: Treatment, on: date) -> bool:
    """Whether it was taken on a day, as far as is known."""
    return treatment.since <= on and (treatment.stopped_on is None or on <= treatment.stopped_on)


def any_taken(treatments: Iterable[Treatment], on: date, substance: Substance) -> bool:
    """Whether any that was taken on a day explains a test for a substance."""
    return any(was_taken(one, on) and explains(one, substance) for one in treatments)


def _words(name: str | None) -> frozenset[str]:
    return frozenset() if name is None else frozenset(_LETTERS.findall(name.casefold()))
