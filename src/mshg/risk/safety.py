"""What comes before any score: reported danger, and whom to call."""

from enum import StrEnum
from typing import Self

import numpy as np
from attrs import frozen

from mshg._arrays import Booleans
from mshg._checks import broken, enforce, instance, line, optional
from mshg._results import Result
from mshg.risk.kernels import Columns
from mshg.wording import Wording

WEEKS_THAT_LOWER_TOLERANCE = 1
"""Weeks without opioids after which a return to them gets a notice: deaths are most frequent in
the first weeks after release from prison (Merrall 2010); the number is judgment. It is no
parameter, since nothing switches safety off."""


class SafetyKind(StrEnum):
    """What a notice is about, the most urgent first.

    See ``docs/explanation/risk-model-and-limits.md``.
    """

    SUICIDAL_THOUGHTS = "suicidal_thoughts"
    OVERDOSE = "overdose"
    OPIOID_LAPSE = "opioid_lapse"
    WITHDRAWAL = "withdrawal"
    MEDICATION_STOPPED = "medication_stopped"
    MEDICATION_CHANGED = "medication_changed"


@frozen(kw_only=True)
class CrisisContacts:
    """Whom to call in danger, where the host's people live. At least one is given.

    Parameters
    ----------
    emergency
        Emergency number.
    crisis_line
        Number of a line for people in a suicidal or other crisis.

    See ``docs/explanation/risk-model-and-limits.md``.

    Examples
    --------
    >>> from mshg import risk
    >>> risk.CrisisContacts.us()
    CrisisContacts(emergency='911', crisis_line='988')
    """

    emergency: str | None = None
    crisis_line: str | None = None

    def __attrs_post_init__(self) -> None:
        none = self.emergency is None and self.crisis_line is None
        enforce(
            emergency=broken("must be given, or crisis_line, or both", code="missing")
            if none
            else optional(line)(self.emergency),
            crisis_line=optional(line)(self.crisis_line),
        )

    @classmethod
    def us(cls) -> Self:
        """Give the numbers of the United States: 911 in danger, 988 in a crisis."""
        return cls(emergency="911", crisis_line="988")


@frozen(kw_only=True, repr=False)
class SafetyNotice(Result):
    """Something to act on before any score is read.

    Parameters
    ----------
    kind
        What it is about.
    text
        What to do, with whom to call.

    See ``docs/explanation/risk-model-and-limits.md``.
    """

    kind: SafetyKind
    text: str

    def __repr__(self) -> str:
        return "SafetyNotice(…)"


def dangers(columns: Columns, people: int) -> Booleans:
    """Which dangers are reported, (n, 6) in the order of `SafetyKind`; unknown ones are not.

    A return to opioids counts where the weeks without them before it are not known: only known
    weeks below `WEEKS_THAT_LOWER_TOLERANCE` leave it out.
    """
    found = np.zeros((len(SafetyKind), people), bool)
    for row, kind in zip(found, SafetyKind, strict=True):
        if kind.value in columns:
            np.greater(columns[kind.value], 0, out=row)
        if kind is SafetyKind.OPIOID_LAPSE and "weeks_abstinent_before_lapse" in columns:
            known = columns["weeks_abstinent_before_lapse"] < WEEKS_THAT_LOWER_TOLERANCE
            np.greater(row, known, out=row)
    return found.T


def notices(
    reported: Booleans, contacts: CrisisContacts | None, wording: Wording
) -> tuple[SafetyNotice, ...]:
    """The notices of one row of `dangers`."""
    enforce(contacts=optional(instance(CrisisContacts))(contacts))
    whom = _whom_to_call(contacts, wording)
    return tuple(
        SafetyNotice(kind=kind, text=wording.say(f"risk.safety.{kind}", call=whom))
        for kind, is_reported in zip(SafetyKind, reported.tolist(), strict=True)
        if is_reported
    )


def _whom_to_call(contacts: CrisisContacts | None, wording: Wording) -> str:
    """The emergency number, the host's or in words, and the crisis line if there is one."""
    emergency = None if contacts is None else contacts.emergency
    call = wording.say("risk.contacts.local") if emergency is None else emergency
    if contacts is None or contacts.crisis_line is None:
        return wording.say("risk.contacts.emergency", emergency=call)
    return wording.say("risk.contacts.both", emergency=call, crisis_line=contacts.crisis_line)
