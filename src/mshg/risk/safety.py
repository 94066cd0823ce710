"""What comes before any score: reported danger, and whom to call."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Self

from attrs import frozen

from mshg._checks import broken, enforce, instance, line, optional
from mshg._results import Result
from mshg.events.vocabulary import SafetyKind
from mshg.risk.dates import Say
from mshg.wording import Wording


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
    on
        Day of the report; None where it is not known.
    text
        What to do, with whom to call.

    See ``docs/explanation/risk-model-and-limits.md``.
    """

    kind: SafetyKind
    on: date | None = None
    text: str

    def __repr__(self) -> str:
        return "SafetyNotice(…)"


def notices(
    reported: Sequence[bool],
    days: Mapping[SafetyKind, date | None],
    contacts: CrisisContacts | None,
    say: Say,
) -> tuple[SafetyNotice, ...]:
    """The notices of one person: which dangers stand, in the order of `SafetyKind`, and of when."""
    enforce(contacts=optional(instance(CrisisContacts))(contacts))
    whom = _whom_to_call(contacts, say.wording)
    return tuple(
        SafetyNotice(
            kind=kind,
            on=days.get(kind),
            text=_text(say(f"risk.safety.{kind}", call=whom), days.get(kind), say),
        )
        for kind, is_reported in zip(SafetyKind, reported, strict=True)
        if is_reported
    )


def _text(notice: str, on: date | None, say: Say) -> str:
    """The notice with its day, where one is known."""
    return notice if on is None else say("risk.reported", notice=notice, day=say.day(on))


def _whom_to_call(contacts: CrisisContacts | None, wording: Wording) -> str:
    """The emergency number, the host's or in words, and the crisis line if there is one."""
    emergency = None if contacts is None else contacts.emergency
    call = wording.say("risk.contacts.local") if emergency is None else emergency
    if contacts is None or contacts.crisis_line is None:
        return wording.say("risk.contacts.emergency", emergency=call)
    return wording.say("risk.contacts.both", emergency=call, crisis_line=contacts.crisis_line)
