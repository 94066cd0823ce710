"""What fit gives back: tables for many people, a shortlist for one. None shows a person's data."""

from collections.abc import Container, Iterable, Mapping
from enum import StrEnum
from html import escape
from math import isnan
from typing import Any

from attrs import evolve, field, frozen

from mshg._results import Result, wording_given
from mshg.domain import Concern, ConcernAnswer, Dimension, FrozenMapping
from mshg.errors import UnknownGroupError
from mshg.fit.parameters import METHOD_VERSION
from mshg.wording import Wording

_HALF = 0.5


def _by_dimension(value: Mapping[Dimension, float]) -> FrozenMapping[Dimension, float]:
    return FrozenMapping(value)


def _opaque(self: object) -> str:
    return f"{type(self).__name__}(…)"


@frozen(kw_only=True, repr=False)
class GroupFit(Result):
    """How one group fits one person.

    Parameters
    ----------
    group
        Its id.
    score, low, high
        Fit now, and at worst and best once the open questions are answered; NaN where all
        importance is 0.
    contributions
        What each dimension adds to or takes from the neutral point; 0 where it is open.
    open_dimensions
        What was not answered and may still be asked.
    """

    group: str
    score: float
    low: float
    high: float
    contributions: Mapping[Dimension, float] = field(converter=_by_dimension)
    open_dimensions: tuple[Dimension, ...]
    method_version: str = METHOD_VERSION

    __repr__ = _opaque


class ExclusionRule(StrEnum):
    """What removes a group from the options."""

    SEEKS_HELP_FOR = "seeks_help_for"
    SUBSTANCES = "substances"
    IDENTITY = "identity"
    DEALBREAKER = "dealbreaker"
    HISTORICAL = "historical"


class SetBehind(StrEnum):
    """What sets an open group behind the rest, for as long as others are open."""

    RELATIVES = "relatives"
    """It is for relatives, and the person is not known to be one."""
    HELP_FOR = "help_for"
    """The person is a relative, and the group is not known to take relatives."""
    IDENTITY = "identity"
    """It is for people of an identity that the person has not stated."""
    MEDICATION = "medication"
    """It is for people on medication, and the person is not known to take it."""
    FAITH = "faith"
    """It is for people of a faith that the person has not stated."""
    MODERATION = "moderation"
    """Its aim is using less, and neither goal nor answer asks for that."""
    SUBSTANCES = "substances"
    """None of its members share what the person uses."""


class PlaceRule(StrEnum):
    """What keeps a group its place on a list, whatever its rank."""

    CHOSEN = "chosen"
    LIKED = "liked"
    MEDICATION = "medication"
    """The person takes medication for opioid use, and it is built for that."""
    REACHABLE = "reachable"
    """It can be reached in the coming seven days, and nothing else listed can."""
    SECULAR = "secular"
    """It is not religious, and nothing else listed is without religion."""
    TRADITION = "tradition"
    """Nothing is known that could order the groups, and it stands for a tradition of its own."""
    CHOICE = "choice"
    """Nothing that speaks for it was stated, and little else is open."""


class RankPart(StrEnum):
    """What a rank is made of."""

    FIT = "fit"
    BELONGING = "belonging"
    REACH = "reach"


@frozen(kw_only=True, repr=False)
class Exclusion(Result):
    """A group that is no option, the rules that say so, and the reason in words."""

    group: str
    rules: tuple[ExclusionRule, ...]
    reason: str

    __repr__ = _opaque


@frozen(kw_only=True, repr=False)
class NotShown(Result):
    """A group that is open and not shown: others rank higher, or a place is kept for another.

    Parameters
    ----------
    group
        Its id.
    by
        Id of the option next before it by rank; None where only the reason in words holds.
    dimensions
        Where that option's fit gains on it, the weightiest first.
    parts
        Which parts of the rank that option gains on it by, the weightiest first; empty where they
        stand level.
    set_behind
        The rule that sets it behind the rest, if one does.
    reason
        The same in words.
    """

    group: str
    by: str | None
    dimensions: tuple[Dimension, ...]
    parts: tuple[RankPart, ...] = ()
    set_behind: SetBehind | None = None
    reason: str

    __repr__ = _opaque


@frozen(kw_only=True, repr=False)
class Counterfactual(Result):
    """One answer which, were it another, would put another group first.

    Parameters
    ----------
    dimension
        The answer's dimension.
    from_position, to_position
        Its position now, and the one of the five that it would take.
    group
        Id of the group that would then be first.
    """

    dimension: Dimension
    from_position: float
    to_position: float
    group: str

    __repr__ = _opaque


@frozen(kw_only=True, repr=False)
class Option(Result):
    """A group on a person's shortlist.

    Parameters
    ----------
    group, name
        Its id and its full name.
    score, low, high
        As in `GroupFit`.
    belonging, reach
        Shared experience and reach, 0 to 1, as `fit.belonging` and `fit.reach` give them.
    rank
        What options are ordered by: the score with both, as `fit.ranking_table` puts it together.
        NaN where the score is.
    reasons_for, reasons_against
        Sentences on the person's own answers, the weightiest first; then on what members share,
        on having liked it, and on how it can be reached.
    cautions
        Sentences on what to know or ask before going.
    is_chosen
        Whether the person has chosen it.
    is_close_call
        Whether its rank hardly differs from that of the next better option.
    kept_by, kept_reason
        The rule that keeps its place, if one does, and the same in words.
    website
        Where to read more, where the catalog knows.
    answers
        What the catalog answers to the person's concerns about it.
    """

    group: str
    name: str
    score: float
    low: float
    high: float
    belonging: float
    reach: float
    rank: float
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]
    cautions: tuple[str, ...]
    is_chosen: bool
    is_close_call: bool
    kept_by: PlaceRule | None = None
    kept_reason: str | None = None
    website: str | None = None
    answers: tuple[ConcernAnswer, ...] = ()

    __repr__ = _opaque


@frozen(kw_only=True, repr=False)
class Shortlist(Result):
    """The groups to talk over with a person, and why these.

    Parameters
    ----------
    options
        Best first; a group the person has chosen stands before all others.
    is_unranked
        Whether nothing is known that could order them: then they are in no order.
    excluded
        Groups that a rule removed.
    coverage
        Share of what matters to the person that was answered, 0 to 1; NaN where nothing matters.
    notes
        What to read before the options; safety and treatment first.
    not_shown
        Groups that are open and not shown.
    certainly_first
        Id of the group that ranks first however the open questions are answered, among those that
        no rule sets behind; None if that is not settled.
    certain
        Ids of the groups that are then surely among the first ``size`` by rank, best first. By
        rank alone: no place is kept here, for a chosen group or any other.
    next_question
        The open question whose answer is worth most; None where none is worth asking.
    counterfactual
        The smallest change of one answer that puts another group first; None where none does.
    outlook
        Sentences on who is certainly first, the next question and what would change, where there
        is something to tell.
    names
        Full name by id of every group, shown or not.
    concern_names
        The person's concerns in words.
    wording, neutral
        Whose sentences these are; fit where nothing speaks for or against a group.
    belonging_weight, reach_weight
        How far shared experience and reach move a rank.
    """

    options: tuple[Option, ...]
    is_unranked: bool
    excluded: tuple[Exclusion, ...]
    coverage: float
    notes: tuple[str, ...]
    not_shown: tuple[NotShown, ...]
    certainly_first: str | None
    certain: tuple[str, ...]
    next_question: Dimension | None
    counterfactual: Counterfactual | None
    outlook: tuple[str, ...]
    names: Mapping[str, str]
    concern_names: Mapping[Concern, str]
    wording: Wording
    neutral: float
    belonging_weight: float
    reach_weight: float
    method_version: str = METHOD_VERSION

    def __repr__(self) -> str:
        return f"Shortlist({len(self.options)} options)"

    def why_not(self, group_id: str) -> Exclusion | NotShown | None:
        """Why a group is not shown: which rule removed it, or what it is not_shown by and where.

        None for a group that is shown.

        Raises
        ------
        UnknownGroupError
            It was not among the groups.

        Examples
        --------
        >>> from mshg import Person, StanceProfile, catalog, fit
        >>> stances = StanceProfile.from_likert({"method": 5, "spirituality": 1})
        >>> person = Person(id="1", stances=stances, substances=["opioids"])
        >>> shortlist = fit.shortlist(person, catalog.load())
        >>> shortlist.why_not("aa").reason
        "AA focuses on alcohol, which you didn't list."
        >>> shortlist.why_not("ca").by
        'na'
        """
        if group_id not in self.names:
            raise UnknownGroupError("there is no group of this id on or off the shortlist")
        reasons: tuple[Exclusion | NotShown, ...] = (*self.excluded, *self.not_shown)
        return next((why for why in reasons if why.group == group_id), None)

    def _content(self) -> dict[str, Any]:
        """What is to be read first stands first."""
        meaning = self.wording.say("shortlist.meaning")
        return {"notes": self.notes, "meaning": meaning} | super()._content()

    def to_text(self, wording: Wording | None = None) -> str:
        """All of it as text to read with the person.

        Parameters
        ----------
        wording
            Whose sentences to put around it; those that the shortlist was made with if None.
            Reasons, cautions and notes were said when it was made and stay as they are: for all of
            it in another language, make it with that wording.
        """
        if wording is not None:
            return evolve(self, wording=wording_given(wording)).to_text()
        say = self.wording.say
        lines = [*self.notes, *([""] if self.notes else []), say("shortlist.title")]
        if self.coverage > 0:
            lines.append(say("shortlist.coverage", percent=_percent(self.coverage)))
        shared = self._shared_answers()
        lines += [self._answer(answer, holders) for answer, holders in shared.items()]
        for place, option in enumerate(self.options, 1):
            lines += ["", *self._option_lines(place, option, shared)]
        if self.outlook:
            lines += ["", *self.outlook]
        if self.excluded:
            lines += ["", say("shortlist.excluded"), *(f"  {e.reason}" for e in self.excluded)]
        return "\n".join([*lines, "", say("shortlist.meaning")])

    def _shared_answers(self) -> dict[ConcernAnswer, list[str]]:
        """Answers that hold for several options, so that they are said once, and for which."""
        holders: dict[ConcernAnswer, list[str]] = {}
        for option in self.options:
            for answer in option.answers:
                holders.setdefault(answer, []).append(option.name)
        return {answer: names for answer, names in holders.items() if len(names) > 1}

    def _answer(self, answer: ConcernAnswer, holders: Iterable[str] = ()) -> str:
        say, names = self.wording.say, ", ".join(holders)
        return say(
            "shortlist.concern_shared" if names else "shortlist.concern",
            concern=self.concern_names[answer.concern],
            groups=names,
            statement=answer.statement,
            answer=answer.answer,
        )

    def _option_lines(
        self, place: int, option: Option, shared: Container[ConcernAnswer]
    ) -> list[str]:
        say = self.wording.say
        labels = [
            say(f"shortlist.{key}")
            for key, holds in (("chosen", option.is_chosen), ("close_call", option.is_close_call))
            if holds
        ]
        key = "option_unranked" if self.is_unranked else "option"
        title = say(f"shortlist.{key}", place=place, group=option.name)
        parts = (
            ("for", option.reasons_for),
            ("against", option.reasons_against),
            ("caution", option.cautions),
        )
        return [
            title + (f" ({'; '.join(labels)})" if labels else ""),
            *(f"   {line}" for line in self._numbers(option)),
            *([f"   {option.kept_reason}"] if option.kept_reason else []),
            *(
                f"   {say(f'shortlist.{key}')}: {line}"
                for key, reasons in parts
                for line in reasons
            ),
            *(f"   {self._answer(answer)}" for answer in option.answers if answer not in shared),
            *([f"   {say('shortlist.website', website=option.website)}"] if option.website else []),
        ]

    def _numbers(self, option: Option) -> list[str]:
        """Fit, and what it ranks by besides; none where the options are in no order."""
        if self.is_unranked:
            return []
        added = (
            ("belonging", self.belonging_weight * (option.belonging - _HALF)),
            ("reach", self.reach_weight * (option.reach - _HALF)),
        )
        reasons = {name: f"{100 * value:+.1f}" for name, value in added}
        return [self._fit(option), self.wording.say("shortlist.parts", **reasons)]

    def _fit(self, option: Option) -> str:
        if isnan(option.score):
            return self.wording.say("shortlist.fit_unknown")
        low, high = _percent(option.low), _percent(option.high)
        return self.wording.say(
            "shortlist.fit_settled" if low == high else "shortlist.fit",
            score=_percent(option.score),
            low=low,
            high=high,
            neutral=_percent(self.neutral),
        )

    def _repr_html_(self) -> str:
        """Groups and bars for a notebook. Answers, reasons and notes stay out of it."""
        title, aside = self.wording.say("shortlist.title"), self.wording.say("shortlist.html_notes")
        rows = "".join(_option_row(option) for option in self.options)
        return (
            f'<table style="border-collapse:collapse"><caption>{escape(title)}</caption>'
            f'{rows}<tfoot><tr><td colspan="3"><small>{escape(aside)}</small></td></tr></tfoot>'
            "</table>"
        )


def _option_row(option: Option) -> str:
    """A bar from 0 to 100 for the score, over a paler one from low to high."""
    name = f'<td style="text-align:left;padding:2px 8px">{escape(option.name)}</td>'
    if isnan(option.score):
        return f"<tr>{name}<td></td><td></td></tr>"
    score, low, high = (_percent(v) for v in (option.score, option.low, option.high))
    bar = (
        '<td><div style="position:relative;width:200px;height:12px;background:#eee">'
        f'<div style="position:absolute;left:{2 * low}px;width:{2 * (high - low)}px;height:12px;'
        'background:#b9d4ea"></div>'
        f'<div style="position:absolute;left:{max(2 * score - 1, 0)}px;width:3px;height:12px;'
        'background:#1f5f8b"></div></div></td>'
    )
    return f'<tr>{name}{bar}<td style="padding:2px 8px">{score}</td></tr>'


def _percent(share: float) -> int:
    return round(100 * share)
