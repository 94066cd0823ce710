"""The person between meetings: check-ins, use, tests, treatment, dangers, daily life."""

from datetime import date, datetime
from typing import ClassVar

from attrs import field, frozen

from mshg._checks import Broken, broken, optional, whole
from mshg._conversions import optional_word, word, words
from mshg._fields import check
from mshg.domain import Goal, Substance
from mshg.events._records import Amount, PersonEvent, Rating, Score, declared
from mshg.events.vocabulary import (
    Danger,
    DischargeSetting,
    EnvironmentArea,
    EnvironmentChange,
    Question,
    Relation,
    RelationshipChange,
    SafetyKind,
    ScreenResult,
    TreatmentChange,
    TreatmentKind,
)


@frozen(kw_only=True, repr=False, field_transformer=declared)
class CheckIn(PersonEvent):
    """What the person said of themself.

    A question neither answered, declined nor left unanswered was not asked.

    Parameters
    ----------
    abstinent
        Whether they have not used since they were last asked; that day, the first time.
    abstinent_since
        The first day of the time for which they say that they have been abstinent up to now;
        ``abstinent`` is then true.
    stress
        From 0, none, to 10, extreme.
    craving
        From 0, none, to 10, the strongest.
    confidence
        That they will keep to their goal: from 0, none, to 10, full.
    mood
        From 0, very low, to 10, very good.
    willingness
        To talk about the group: from 0, reluctant, to 10, gladly.
    declined
        Questions they do not want to answer, nor be asked again.
    unanswered
        Questions asked to which no answer came.
    """

    abstinent: bool | None = None
    abstinent_since: date | None = None
    stress: Rating | None = None
    craving: Rating | None = None
    confidence: Rating | None = None
    mood: Rating | None = None
    willingness: Rating | None = None
    declined: frozenset[Question] = field(default=frozenset(), converter=words)
    unanswered: frozenset[Question] = field(default=frozenset(), converter=words)

    def __attrs_post_init__(self) -> None:
        # A question is answered, or declined, or left unanswered.
        if self.abstinent is None and self.abstinent_since is not None:
            object.__setattr__(self, "abstinent", True)
        check(
            self,
            abstinent_since=self._since,
            declined=lambda: self._answered(self.declined),
            unanswered=lambda: self._answered(self.unanswered) or self._declined(),
        )

    def _since(self) -> Broken:
        if self.abstinent_since is None:
            return ()
        if self.abstinent is not True:
            return broken("must not be given where they were not abstinent", code="conflict")
        is_past = not isinstance(self.at, datetime) or self.abstinent_since <= self.at.date()
        return (
            ()
            if is_past
            else broken("must not be after the day of the check-in", code="out_of_order")
        )

    def _answered(self, questions: frozenset[Question]) -> Broken:
        both = any(getattr(self, question) is not None for question in questions)
        return broken("must not hold what is answered", code="conflict") if both else ()

    def _declined(self) -> Broken:
        declined = self.declined if isinstance(self.declined, frozenset) else frozenset()
        both = bool(self.unanswered & declined)
        return broken("must not hold what is declined", code="conflict") if both else ()

    @property
    def was_answered(self) -> bool:
        """Whether any question was; a question declined is no answer, and no silence either."""
        return any(getattr(self, question) is not None for question in Question)


@frozen(kw_only=True, repr=False, field_transformer=declared)
class SubstanceUse(PersonEvent):
    """The person used. Whether it was a lapse depends on their own goal.

    Parameters
    ----------
    substance
        None is not known.
    amount
        How much, in ``unit``.
    unit
        Such as ``standard_drinks`` or ``mg``.
    within_goal
        Whether it kept within their goal; None is not known.
    """

    substance: Substance | None = field(default=None, converter=optional_word)
    amount: Amount | None = None
    unit: str | None = None
    within_goal: bool | None = None


@frozen(kw_only=True, repr=False, field_transformer=declared)
class Tested(PersonEvent):
    """A drug or alcohol test was due. A positive one is no report of use: medication shows too.

    Parameters
    ----------
    result
        ``missing`` where it was not taken, which says nothing of use.
    substance
        What for; None for the whole panel.
    """

    __test__: ClassVar[bool] = False  # pytest would take it for a test

    result: ScreenResult = field(converter=word)
    substance: Substance | None = field(default=None, converter=optional_word)


@frozen(kw_only=True, repr=False, field_transformer=declared)
class TreatmentChanged(PersonEvent):
    """Formal treatment or medication for addiction began, changed or ended, or was out of reach.

    Parameters
    ----------
    name
        What tells it from others (``buprenorphine``). Stopping without a name stops all of the
        kind.
    substances
        What it is for; empty is not known.
    covers_days
        How many days the dose covers that was given that day, 1 to 3,660: a daily dose 1, a depot
        injection its interval. None where doses are not recorded.
    """

    kind: TreatmentKind = field(converter=word)
    change: TreatmentChange = field(converter=word)
    name: str | None = None
    substances: frozenset[Substance] = field(default=frozenset(), converter=words)
    covers_days: int | None = None

    def __attrs_post_init__(self) -> None:
        check(self, covers_days=lambda: optional(_covers)(self.covers_days))


def _covers(value: object) -> Broken:
    return whole(value, 1, 3_660)


@frozen(kw_only=True, repr=False, field_transformer=declared)
class Discharged(PersonEvent):
    """The person left detoxification, residential treatment, a hospital or prison.

    Parameters
    ----------
    setting
        Where they left.
    substances
        What they were treated for; empty is not known.
    """

    setting: DischargeSetting = field(converter=word)
    substances: frozenset[Substance] = field(default=frozenset(), converter=words)


@frozen(kw_only=True, repr=False, field_transformer=declared)
class RecoveryGoalChanged(PersonEvent):
    """The person wants something else of their own use than before."""

    goal: Goal = field(converter=word)


@frozen(kw_only=True, repr=False, field_transformer=declared)
class DangerReported(PersonEvent):
    """A danger was reported that calls for help now.

    Parameters
    ----------
    substance
        Of an overdose or withdrawal; None is not known.
    """

    danger: Danger = field(converter=word)
    substance: Substance | None = field(default=None, converter=optional_word)


@frozen(kw_only=True, repr=False, field_transformer=declared)
class DangerAddressed(PersonEvent):
    """Somebody saw to a danger: its notice ends, until it is reported anew.

    Parameters
    ----------
    danger
        Which one: a danger that was reported, or any other that a safety notice is about.
    how
        What was done.
    """

    danger: SafetyKind = field(converter=word)
    how: str


@frozen(kw_only=True, repr=False, field_transformer=declared)
class RelationshipChanged(PersonEvent):
    """Something changed between the person and somebody else.

    Parameters
    ----------
    other_id
        The host's id of the other, without which no two are told apart.
    supports_recovery
        Whether the other supports recovery; None is not known.
    uses_substances
        Whether the other uses; None is not known.
    """

    change: RelationshipChange = field(converter=word)
    relation: Relation | None = field(default=None, converter=optional_word)
    other_id: str | None = None
    supports_recovery: bool | None = None
    uses_substances: bool | None = None


@frozen(kw_only=True, repr=False, field_transformer=declared)
class EnvironmentChanged(PersonEvent):
    """Something in the person's daily life changed."""

    area: EnvironmentArea = field(converter=word)
    change: EnvironmentChange = field(converter=word)


@frozen(kw_only=True, repr=False, field_transformer=declared)
class InstrumentScored(PersonEvent):
    """A questionnaire was scored.

    Parameters
    ----------
    instrument
        Its short name, such as ``barc10``.
    subscale
        Which part of it; None for the total.
    """

    instrument: str
    score: Score
    subscale: str | None = None
