"""What a person's state is made of: what is open, and what was last."""

from datetime import date, datetime

from attrs import field, frozen

from mshg._checks import Broken, broken
from mshg._conversions import to_word
from mshg.domain import Substance, SupporterRole
from mshg.events._fields import (
    check,
    post_init,
    private_repr,
    same_moment,
    to_environment_change,
    to_group_role,
    to_number,
    to_optional_float,
    to_optional_moment,
    to_ordered,
    to_screen_result,
    to_substances,
    to_treatment_kind,
)
from mshg.events.vocabulary import (
    Answer,
    EnvironmentChange,
    GroupRole,
    Relation,
    ScreenResult,
    TreatmentKind,
)

MOST_KEPT = 64
"""How many things of one kind a state keeps; the oldest leave first (judgment)."""

DAY_CODES = "_o-+"
"""What may be known of a day; of two on one day, the one that stands later here stays."""


def _answer(value: str | None) -> Answer | None:
    return None if value is None else to_word(Answer, value)


def _supporter_role(value: str | None) -> SupporterRole | None:
    return None if value is None else to_word(SupporterRole, value)


def _substance(value: str | None) -> Substance | None:
    return None if value is None else to_word(Substance, value)


def _relation(value: str | None) -> Relation | None:
    return None if value is None else to_word(Relation, value)


@frozen(kw_only=True, repr=False, slots=False)
class Referral:
    """A referral that is open. Its id is that of its `Referred` event."""

    id: str
    groups: tuple[str, ...] = field(converter=to_ordered)
    referred_on: date
    answer: Answer | None = field(default=None, converter=_answer)
    answered_on: date | None = None
    ask_again: bool | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False, slots=False)
class Supporter:
    """A first friend, coach or other supporter who was offered or was in touch."""

    id: str
    role: SupporterRole | None = field(default=None, converter=_supporter_role)
    group: str | None = None
    person_answer: Answer | None = field(default=None, converter=_answer)
    supporter_answer: Answer | None = field(default=None, converter=_answer)
    contacts: int = 0
    last_contact_on: date | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False, slots=False)
class Plan:
    """A plan to go to a meeting, neither kept nor missed yet. Its id is that of its event."""

    id: str
    meeting: str
    planned_on: date
    group: str | None = None
    starts_at: datetime | None = field(default=None, converter=to_optional_moment, eq=same_moment)

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False, slots=False)
class Role:
    """A part that the person has in a group."""

    role: GroupRole = field(converter=to_group_role)
    since: date
    group: str | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False, slots=False)
class OpenGoal:
    """A short-term goal that is neither met nor given up. Its id is that of its event."""

    id: str
    set_on: date
    description: str | None = None
    due_on: date | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False, slots=False)
class LastAnswer:
    """The last answer to a question, and the one before it; abstinence as 1 or 0."""

    value: float = field(converter=to_number)
    on: date
    before: float | None = field(default=None, converter=to_optional_float)

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False, slots=False)
class Consent:
    """A consent that was given and not taken back. Whether it has expired is for a day to say."""

    discloser: str
    recipient: str
    purpose: str
    given_on: date
    scope: str | None = None
    expires_on: date | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init

    def is_valid_on(self, day: date) -> bool:
        """Whether it has not expired by that day."""
        return self.expires_on is None or day < self.expires_on


@frozen(kw_only=True, repr=False, slots=False)
class Treatment:
    """A treatment or medication that was started, and since when it is stopped, if it is."""

    kind: TreatmentKind = field(converter=to_treatment_kind)
    since: date
    name: str | None = None
    substances: frozenset[Substance] = field(default=frozenset(), converter=to_substances)
    stopped_on: date | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False, slots=False)
class ReportedDanger:
    """The last report of a danger."""

    on: date
    substance: Substance | None = field(default=None, converter=_substance)

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False, slots=False)
class LastUse:
    """The last use of a substance.

    Parameters
    ----------
    on, substance, within_goal
        As in `SubstanceUse`.
    returned_on, days_without_before
        The last time that such use came after a week or more without it, and how many days those
        were: since the use before, or where none is known, since the first abstinent day.
    """

    on: date
    substance: Substance | None = field(default=None, converter=_substance)
    within_goal: bool | None = None
    returned_on: date | None = None
    days_without_before: int = 0

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False, slots=False)
class RecentDays:
    """What is known of each of the last days.

    Parameters
    ----------
    until
        The last of them.
    codes
        A character a day, the day ``until`` last, at most 64 of them: ``_`` nothing is known, else
        as the field of the state says.
    """

    until: date
    codes: str

    __repr__ = private_repr

    def __attrs_post_init__(self) -> None:
        check(self, codes=self._unknown)

    def _unknown(self) -> Broken:
        is_known = len(self.codes) <= MOST_KEPT and not set(self.codes) - set(DAY_CODES)
        return () if is_known else broken(f"must be at most {MOST_KEPT} of {DAY_CODES}")


@frozen(kw_only=True, repr=False, slots=False)
class LastTest:
    """The last test for a substance, or of a whole panel.

    Parameters
    ----------
    result, on, substance
        As in `Tested`.
    found_on
        The last time that one was positive or mixed, whatever came after.
    """

    result: ScreenResult = field(converter=to_screen_result)
    on: date
    substance: Substance | None = field(default=None, converter=_substance)
    found_on: date | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False, slots=False)
class Relationship:
    """Somebody in the person's life, as last told."""

    id: str | None = None
    relation: Relation | None = field(default=None, converter=_relation)
    supports_recovery: bool | None = None
    uses_substances: bool | None = None
    boundary_set_on: date | None = None
    contact_lost_on: date | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False, slots=False)
class LastEnvironmentChange:
    """The last change in a part of daily life."""

    change: EnvironmentChange = field(converter=to_environment_change)
    on: date

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False, slots=False)
class LastScore:
    """The last score of an instrument, or of a part of it."""

    instrument: str
    score: float = field(converter=to_number)
    on: date
    subscale: str | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False, slots=False)
class PlannedFollowUp:
    """A follow-up that is planned. Its id is that of its event."""

    id: str
    planned_for: date | None = None
    by: str | None = None

    __repr__ = private_repr
    __attrs_post_init__ = post_init
