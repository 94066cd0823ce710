"""The person between meetings: check-ins, use, tests, treatment, dangers, daily life."""

from datetime import datetime
from typing import ClassVar

from attrs import field, frozen

from mshg._checks import Broken, broken
from mshg._conversions import to_word
from mshg.domain import Goal, Substance
from mshg.events._fields import (
    check,
    post_init,
    private_repr,
    same_moment,
    to_environment_change,
    to_moment,
    to_number,
    to_optional_float,
    to_optional_moment,
    to_questions,
    to_screen_result,
    to_substances,
    to_treatment_kind,
)
from mshg.events.vocabulary import (
    Danger,
    EnvironmentArea,
    EnvironmentChange,
    Question,
    Relation,
    RelationshipChange,
    ScreenResult,
    TreatmentChange,
    TreatmentKind,
)


def _danger(value: str) -> Danger:
    return to_word(Danger, value)


def _environment_area(value: str) -> EnvironmentArea:
    return to_word(EnvironmentArea, value)


def _goal(value: str) -> Goal:
    return to_word(Goal, value)


def _maybe_relation(value: str | None) -> Relation | None:
    return None if value is None else to_word(Relation, value)


def _maybe_substance(value: str | None) -> Substance | None:
    return None if value is None else to_word(Substance, value)


def _relationship_change(value: str) -> RelationshipChange:
    return to_word(RelationshipChange, value)


def _treatment_change(value: str) -> TreatmentChange:
    return to_word(TreatmentChange, value)


@frozen(kw_only=True, repr=False)
class CheckIn:
    """What the person said of themself.

    A question neither answered, declined nor left unanswered was not asked.

    Parameters
    ----------
    abstinent
        Whether they have not used since they were last asked; that day, the first time.
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

    id: str
    at: datetime = field(converter=to_moment, eq=same_moment)
    person_id: str
    abstinent: bool | None = None
    stress: float | None = field(default=None, converter=to_optional_float)
    craving: float | None = field(default=None, converter=to_optional_float)
    confidence: float | None = field(default=None, converter=to_optional_float)
    mood: float | None = field(default=None, converter=to_optional_float)
    willingness: float | None = field(default=None, converter=to_optional_float)
    declined: frozenset[Question] = field(default=frozenset(), converter=to_questions)
    unanswered: frozenset[Question] = field(default=frozenset(), converter=to_questions)
    recorded_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    source: str | None = None

    __repr__ = private_repr

    def __attrs_post_init__(self) -> None:
        # A question is answered, or declined, or left unanswered.
        check(
            self,
            declined=lambda: self._answered(self.declined),
            unanswered=lambda: self._answered(self.unanswered) or self._declined(),
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


@frozen(kw_only=True, repr=False)
class SubstanceUse:
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

    id: str
    at: datetime = field(converter=to_moment, eq=same_moment)
    person_id: str
    substance: Substance | None = field(default=None, converter=_maybe_substance)
    amount: float | None = field(default=None, converter=to_optional_float)
    unit: str | None = None
    within_goal: bool | None = None
    recorded_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    source: str | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False)
class Tested:
    """A drug or alcohol test was due. A positive one is no report of use: medication shows too.

    Parameters
    ----------
    result
        ``missing`` where it was not taken, which says nothing of use.
    substance
        What for; None for the whole panel.
    """

    __test__: ClassVar[bool] = False  # pytest would take it for a test

    id: str
    at: datetime = field(converter=to_moment, eq=same_moment)
    person_id: str
    result: ScreenResult = field(converter=to_screen_result)
    substance: Substance | None = field(default=None, converter=_maybe_substance)
    recorded_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    source: str | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False)
class TreatmentChanged:
    """Formal treatment or medication for addiction began, changed or ended, or was out of reach.

    Parameters
    ----------
    name
        What tells it from others (``buprenorphine``). Stopping without a name stops all of the
        kind.
    substances
        What it is for; empty is not known.
    """

    id: str
    at: datetime = field(converter=to_moment, eq=same_moment)
    person_id: str
    kind: TreatmentKind = field(converter=to_treatment_kind)
    change: TreatmentChange = field(converter=_treatment_change)
    name: str | None = None
    substances: frozenset[Substance] = field(default=frozenset(), converter=to_substances)
    recorded_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    source: str | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False)
class RecoveryGoalChanged:
    """The person wants something else of their own use than before."""

    id: str
    at: datetime = field(converter=to_moment, eq=same_moment)
    person_id: str
    goal: Goal = field(converter=_goal)
    recorded_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    source: str | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False)
class DangerReported:
    """A danger was reported that calls for help now.

    Parameters
    ----------
    substance
        Of an overdose or withdrawal; None is not known.
    """

    id: str
    at: datetime = field(converter=to_moment, eq=same_moment)
    person_id: str
    danger: Danger = field(converter=_danger)
    substance: Substance | None = field(default=None, converter=_maybe_substance)
    recorded_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    source: str | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False)
class RelationshipChanged:
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

    id: str
    at: datetime = field(converter=to_moment, eq=same_moment)
    person_id: str
    change: RelationshipChange = field(converter=_relationship_change)
    relation: Relation | None = field(default=None, converter=_maybe_relation)
    other_id: str | None = None
    supports_recovery: bool | None = None
    uses_substances: bool | None = None
    recorded_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    source: str | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False)
class EnvironmentChanged:
    """Something in the person's daily life changed."""

    id: str
    at: datetime = field(converter=to_moment, eq=same_moment)
    person_id: str
    area: EnvironmentArea = field(converter=_environment_area)
    change: EnvironmentChange = field(converter=to_environment_change)
    recorded_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    source: str | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False)
class InstrumentScored:
    """A questionnaire was scored.

    Parameters
    ----------
    instrument
        Its short name, such as ``barc10``.
    subscale
        Which part of it; None for the total.
    """

    id: str
    at: datetime = field(converter=to_moment, eq=same_moment)
    person_id: str
    instrument: str
    score: float = field(converter=to_number)
    subscale: str | None = None
    recorded_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)
    source: str | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init
