"""What fit says of one group to one person: reasons, cautions, why it is left out."""

from collections.abc import Iterable, Mapping
from math import isnan

from attrs import field, frozen

from mshg.domain import (
    Availability,
    Concern,
    ConcernAnswer,
    ConcernDirection,
    Confidence,
    Dimension,
    Focus,
    FrozenMapping,
    Goal,
    Group,
    GroupStatus,
    HowItWas,
    MembershipRule,
    Occasion,
    Person,
    Position,
    SeeksHelpFor,
    Substance,
)
from mshg.domain.identities import FAITHS
from mshg.fit.encoding import abstinence_by_goal, stated_positions
from mshg.fit.notes import listed, notes
from mshg.fit.options import (
    NEAR_HIGH,
    NEAR_LOW,
    aims_at_less,
    broken_limits,
    closing_rules,
    is_for_medication,
    is_relative,
    set_behind,
    takes_relatives,
)
from mshg.fit.parameters import (
    ANSWERS,
    KNOWN_BY_FOCUS,
    KNOWN_BY_REACH,
    MANY,
    REACH_SHARES,
    FitParameters,
)
from mshg.fit.results import (
    Counterfactual,
    ExclusionRule,
    GroupFit,
    NotShown,
    PlaceRule,
    RankPart,
    SetBehind,
)
from mshg.wording import Wording

# What counts as the middle of a dimension, and how salient a position must be for a caution to rest
# on it (judgment).
_MIDDLE = 0.5
_MIDDLE_WIDTH = 0.2
_OWN_MIDDLE_WIDTH = 0.12  # less than half a step of the five
_FIRM = 0.5

# Where a documented position tells what a concern is about.
_DIMENSION_OF = {
    Concern.RELIGION: Dimension.SPIRITUALITY,
    Concern.POWERLESSNESS: Dimension.AGENCY,
    Concern.LABELS: Dimension.IDENTITY_LABEL,
    Concern.ABSTINENCE: Dimension.ABSTINENCE,
    Concern.MEDICATION: Dimension.MEDICATION,
    Concern.LIFELONG: Dimension.COMMITMENT,
    Concern.SPONSOR: Dimension.MENTORSHIP,
}
# Concerns about the first end of their dimension; the others are about the second.
_ABOUT_THE_FIRST_END = (Concern.POWERLESSNESS, Concern.MEDICATION)
_USED = {Focus(substance): substance for substance in Substance}
# What a group for own use says on these is not said to a relative.
_ABOUT_OWN_USE = (
    Concern.MEDICATION,
    Concern.ABSTINENCE,
    Concern.STOPPED_ALREADY,
    Concern.TREATMENT,
)
# General cautions that a group may word for itself.
_OCCASION_OF = {"medication": Occasion.MEDICATION, "cutting_down": Occasion.CUTTING_DOWN}


@frozen(kw_only=True)
class GroupView:
    """What is known of one group for one person, and what speaks for it in words."""

    group: Group
    fit: GroupFit
    belonging: float
    reach: float
    rank: float
    reasons_for: tuple[str, ...]

    @property
    def order(self) -> float:
        """Its rank, for comparing; none is ahead where fit can't be known."""
        return 0 if isnan(self.rank) else self.rank


@frozen(kw_only=True)
class Speaker:
    """Says things about groups to one person in one wording."""

    person: Person
    wording: Wording
    parameters: FitParameters
    groups: Mapping[str, Group]
    active: tuple[str, ...] = ()
    available: Mapping[str, Availability] | None = None
    lived: frozenset[Focus] = field(init=False)
    stated: Mapping[Dimension, float] = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "lived", self.person.lives_with)
        object.__setattr__(self, "stated", stated_positions(self.person))

    def reasons_for(self, group: Group, fit: GroupFit) -> tuple[str, ...]:
        """Sentences for a group: the person's answers, what members share, liking it, reach."""
        stated = self._plain(group, fit)
        return (
            *[self._reason("for", d, group) for d, c in stated if c > 0][: self._most],
            *self._shared(group),
            *self._liked(group),
            *self._near(group),
        )

    def reasons_against(self, group: Group, fit: GroupFit) -> tuple[str, ...]:
        """Sentences against a group, the weightiest first."""
        stated = self._plain(group, fit)
        return tuple(self._reason("against", d, group) for d, c in stated if c < 0)[: self._most]

    @property
    def _most(self) -> int:
        return self.parameters.reasons_shown

    def _plain(self, group: Group, fit: GroupFit) -> list[tuple[Dimension, float]]:
        """Contributions that one sentence can carry, the weightiest first."""
        stated = [
            (d, c)
            for d, c in fit.contributions.items()
            if abs(c) >= self.parameters.reason_floor and self._is_plain(d, c, group)
        ]
        return sorted(stated, key=lambda pair: -abs(pair[1]))

    def _shared(self, group: Group) -> Iterable[str]:
        """What many members, or some, share with the person."""
        shares = {f: s.share for f, s in group.focus.items() if f in self.lived}
        whose = "substances_of_other" if is_relative(self.person) else "substances"
        for how_many, low, high in (("many", MANY, 2.0), ("some", KNOWN_BY_FOCUS, MANY)):
            used = [
                self.wording.say(f"substance.{substance}")
                for focus, substance in _USED.items()
                if low <= shares.get(focus, 0) < high
            ]
            if used:
                key = f"shared.{whose}_{how_many}"
                listing = self._list(used)
                yield self.wording.say(key, group=group.short_name, substances=listing)
        for focus, share in shares.items():
            if focus not in _USED and share >= MANY:
                yield self._of_group(f"shared.{focus}", group)

    def _liked(self, group: Group) -> Iterable[str]:
        for tried in self.person.experiences:
            if tried.group == group.id and tried.how_it_was is HowItWas.LIKED:
                yield self._of_group("experience.liked", group)

    def _near(self, group: Group) -> Iterable[str]:
        """How it can be reached, where that speaks for it."""
        near = None if self.available is None else self.available.get(group.id)
        if near is not None:
            if near.is_in_reach:
                counts = {"in_person": near.in_person, "online": near.online}
                yield self.wording.say("reach.near", group=group.short_name, **counts)
        elif REACH_SHARES[group.reach] >= KNOWN_BY_REACH:
            yield self._of_group(f"reach.{group.reach}", group)

    def kept(self, rule: PlaceRule, group: Group) -> str:
        """The rule that keeps a group its place."""
        return self._of_group(f"kept.{rule}", group)

    def _is_plain(self, dimension: Dimension, contribution: float, group: Group) -> bool:
        """Whether one sentence can carry it, by the ends that it names."""
        own = self._own_end(dimension)
        theirs = _end(group.philosophy[dimension].position, _MIDDLE_WIDTH)
        if contribution > 0:
            return own in (theirs, "middle")
        return theirs not in (own, "middle")

    def _own_end(self, dimension: Dimension) -> str:
        return _end(self.stated[dimension], _OWN_MIDDLE_WIDTH)

    def _reason(self, key: str, dimension: Dimension, group: Group) -> str:
        say, person = self.wording.say, self.person
        end = _end(group.philosophy[dimension].position, _MIDDLE_WIDTH)
        theirs = say(f"dimension.{dimension}.group_{end}", group=group.short_name)
        if dimension is Dimension.ABSTINENCE and abstinence_by_goal(person) is not None:
            yours = say(f"goal.{person.goal}")
        else:
            yours = say(f"dimension.{dimension}.you_{self._own_end(dimension)}")
        return say(f"reason.{key}", you=yours, group=theirs)

    def not_shown(
        self,
        view: GroupView,
        better: GroupView | None,
        *,
        kept: Iterable[PlaceRule],
        is_capped: bool,
    ) -> NotShown:
        """Why an open group is not shown, beside the option next before it by rank."""
        group = view.group
        why = set_behind(self.person, group)
        if why is not None:
            reason = self._of_group(f"behind.{why}", group)
            return NotShown(group=group.id, by=None, dimensions=(), set_behind=why, reason=reason)
        sentences = [self._of_group(f"not_shown.{rule}", group) for rule in dict.fromkeys(kept)]
        if is_capped:
            key = "tradition" if view.reasons_for else "no_reason"
            sentences.append(self._of_group(f"not_shown.{key}", group))
        dimensions, parts = ([], []) if better is None else self._gains(better, view)
        if better is not None:
            sentences.insert(0, self._comparison(view, better, dimensions, parts))
        return NotShown(
            group=group.id,
            by=None if better is None else better.group.id,
            dimensions=tuple(dimensions),
            parts=tuple(parts),
            reason=" ".join(sentences),
        )

    def _comparison(
        self,
        view: GroupView,
        better: GroupView,
        dimensions: list[Dimension],
        parts: list[RankPart],
    ) -> str:
        say = self.wording.say
        names = [
            name
            for part in parts
            for name in (
                [say(f"dimension.{d}.name") for d in dimensions]
                if part is RankPart.FIT
                else [say(f"part.{part}")]
            )
        ]
        key = "unknown" if isnan(view.rank) else "by" if names else "level"
        return say(
            f"not_shown.{key}",
            group=view.group.short_name,
            other=better.group.short_name,
            dimensions=self._list(names[: self._most]),
        )

    def outlook(
        self, certain: str | None, question: Dimension | None, change: Counterfactual | None
    ) -> Iterable[str]:
        """What is certain though questions are open, what to ask next, what would change."""
        say, stances = self.wording.say, self.person.stances
        settled = {*self.stated, *stances.declined}
        if certain is not None and not settled.issuperset(Dimension):
            yield self._of_group("outlook.certainly_first", self.groups[certain])
        if question is not None:
            yield say("outlook.next_question", question=say(f"dimension.{question}.question"))
        if change is not None:
            yield from self._change(change)

    def _change(self, change: Counterfactual) -> Iterable[str]:
        say, group = self.wording.say, self.groups[change.group]
        yield say(
            "outlook.change",
            answer=1 + round((ANSWERS - 1) * change.to_position),
            dimension=say(f"dimension.{change.dimension}.name"),
            low=say(f"dimension.{change.dimension}.you_low"),
            high=say(f"dimension.{change.dimension}.you_high"),
            group=group.short_name,
        )
        if "cutting_down" in self._caution_keys(group):
            yield self._caution("cutting_down", group)

    def _gains(self, better: GroupView, view: GroupView) -> tuple[list[Dimension], list[RankPart]]:
        """On what one group leads another, the weightiest first; nothing in a tie."""
        tie, weights = self.parameters.tie, self.parameters
        if not better.rank - view.rank > tie:
            return [], []
        fit = better.fit.contributions
        leads = {d: fit[d] - c for d, c in view.fit.contributions.items()}
        dimensions = sorted((d for d, lead in leads.items() if lead > tie), key=lambda d: -leads[d])
        gains = {
            RankPart.FIT: better.fit.score - view.fit.score,
            RankPart.BELONGING: weights.belonging_weight * (better.belonging - view.belonging),
            RankPart.REACH: weights.reach_weight * (better.reach - view.reach),
        }
        parts = sorted((p for p, gain in gains.items() if gain > tie), key=lambda p: -gains[p])
        return dimensions if RankPart.FIT in parts else [], parts

    def concern_names(self) -> Mapping[Concern, str]:
        """The person's concerns in words; those of a relative are about someone else."""
        table = "concern_of_relative" if is_relative(self.person) else "concern"
        stated = (c for c in Concern if c in self.person.concerns)
        return FrozenMapping({c: self.wording.say(f"{table}.{c}") for c in stated})

    def direction(self, concern: Concern) -> ConcernDirection | None:
        """Which way a concern runs, by the person's own answer; None where that is not known.

        Only of religion is it an open question: the other concerns name what there is too much of.
        """
        dimension = _DIMENSION_OF.get(concern)
        stated = self.stated
        if concern is Concern.RELIGION:
            places = [
                stated[d]
                for d in (Dimension.SPIRITUALITY, Dimension.CHRISTIAN_PRACTICE)
                if d in stated
            ]
            if places and max(places) >= NEAR_HIGH:
                return ConcernDirection.TOO_LITTLE
            is_faithless = Dimension.SPIRITUALITY in stated and max(places) <= NEAR_LOW
            return ConcernDirection.TOO_MUCH if is_faithless else None
        if dimension is None or dimension not in stated:
            return ConcernDirection.TOO_MUCH
        own = stated[dimension]
        wants_it = own <= NEAR_LOW if concern in _ABOUT_THE_FIRST_END else own >= NEAR_HIGH
        return ConcernDirection.TOO_LITTLE if wants_it else ConcernDirection.TOO_MUCH

    def answers(self, group: Group) -> tuple[ConcernAnswer, ...]:
        """What the catalog answers to the person's concerns about a group."""
        own_use_alone = is_relative(self.person) and not takes_relatives(group)
        return tuple(
            a
            for a in group.concerns
            if a.concern in self.person.concerns
            and self.direction(a.concern) is a.direction
            and not (own_use_alone and a.concern in _ABOUT_OWN_USE)
        )

    def exclusion(self, group: Group, rules: Iterable[ExclusionRule]) -> str:
        """Why a group is no option.

        To somebody whom it isn't for, what its members use is no further reason.
        """
        settled = {ExclusionRule.SUBSTANCES} if ExclusionRule.SEEKS_HELP_FOR in rules else ()
        said = [rule for rule in rules if rule not in settled]
        return " ".join(
            sentence for rule in said for sentence in self._exclusion_sentences(group, rule)
        )

    def _exclusion_sentences(self, group: Group, rule: ExclusionRule) -> list[str]:
        key = f"exclusion.{rule}"
        if rule is not ExclusionRule.DEALBREAKER:
            return [self._of_group(key, group)]
        return [self._of_group(key, group, d) for d in broken_limits(self.person, group)]

    def cautions(self, group: Group, *, is_chosen: bool) -> tuple[str, ...]:
        """What to know or ask before going."""
        stated: list[str] = []
        closed = closing_rules(self.person, group)
        if is_chosen and closed:
            stated.append(self.wording.say("caution.chosen", why=self.exclusion(group, closed)))
        keys = [*self._unknown_keys(group), *self._caution_keys(group)]
        stated += [self._caution(key, group) for key in keys]
        silent = {
            limit.dimension
            for limit in self.person.dealbreakers
            if group.philosophy[limit.dimension].salience == 0
        }
        stated += [self._of_group("caution.dealbreaker", group, d) for d in sorted(silent)]
        stated += [*self._of_occasion(group), *self._none_near(group)]
        return (*stated, *self._of_experience(group), *self._of_open_concerns(group))

    def _caution(self, key: str, group: Group) -> str:
        """The group's own words for an occasion, where it has any."""
        own = group.cautions.get(_OCCASION_OF[key]) if key in _OCCASION_OF else None
        return self._of_group(f"caution.{key}", group) if own is None else own.text

    def notes(self) -> Iterable[str]:
        """What comes before any option."""
        return notes(self.person, self.wording)

    def _of_experience(self, group: Group) -> Iterable[str]:
        """Having tried the group, or one that it shares meetings with, is never passed over."""
        for tried in self.person.experiences:
            if tried.group == group.id:
                if tried.how_it_was is not HowItWas.LIKED:
                    yield self._of_group(f"experience.{tried.how_it_was or 'unknown'}", group)
                continue
            other = self.groups.get(tried.group)
            if other is None or tried.how_it_was is not HowItWas.DISLIKED:
                continue
            if group.id == other.variant_of or other.id == group.variant_of:
                yield self.wording.say(
                    "experience.kin", group=group.short_name, other=other.short_name
                )

    def _of_open_concerns(self, group: Group) -> Iterable[str]:
        """Concerns without an answer: what a document says, or that nothing is known."""
        say = self.wording.say
        answered = {answer.concern for answer in self.answers(group)}
        for concern, name in self.concern_names().items():
            dimension = _DIMENSION_OF.get(concern)
            if concern in answered:
                continue
            stand = None if dimension is None else group.philosophy[dimension]
            if stand is None or stand.confidence is not Confidence.DOCUMENTED:
                yield say("caution.concern", concern=name, group=group.short_name)
                continue
            end = _end(stand.position, _MIDDLE_WIDTH)
            fact = say(f"dimension.{dimension}.group_{end}", group=group.short_name)
            yield say("caution.concern_fact", concern=name, fact=fact)

    def _unknown_keys(self, group: Group) -> Iterable[str]:
        """Membership rules of which it is not known whether they admit the person."""
        for ruling in group.check_membership(self.person):
            if ruling.admits is None:
                is_untold = not group.membership.seeks_help_for
                is_whose = ruling.rule is MembershipRule.SEEKS_HELP_FOR
                is_others = ruling.rule is MembershipRule.SUBSTANCES and is_relative(self.person)
                key = "help_for_unknown" if is_whose and is_untold else ruling.rule.value
                yield "substances_of_relative" if is_others else key

    def _caution_keys(self, group: Group) -> Iterable[str]:
        person, philosophy = self.person, group.philosophy
        if set_behind(person, group) is SetBehind.FAITH:
            yield "faith"
        if is_relative(person):
            return
        abstinence = philosophy[Dimension.ABSTINENCE]
        if person.substances & group.substances and person.substances - group.substances:
            yield "other_substances"
        if person.medication_for_addiction and not _welcomes(philosophy[Dimension.MEDICATION]):
            yield "medication"
        if is_for_medication(group) and not person.medication_for_addiction:
            yield "medication_focus"
        wants_abstinence = person.stances.positions.get(Dimension.ABSTINENCE, 0) >= NEAR_HIGH
        other_goal = person.goal in (Goal.MODERATION, Goal.REDUCTION) and not wants_abstinence
        if other_goal and abstinence.position >= NEAR_HIGH and abstinence.salience >= _FIRM:
            yield "abstinence_only"
        if aims_at_less(group):
            yield "cutting_down"
        if group.status is GroupStatus.HISTORICAL and group.id not in self.active:
            yield "historical"

    def _of_occasion(self, group: Group) -> Iterable[str]:
        """The group's own cautions that nothing general stands for."""
        answer = self.person.stances.positions.get(Dimension.CHRISTIAN_PRACTICE)
        is_other_faith = bool(self.lived & (FAITHS - {Focus.CHRISTIAN}))
        holds = {
            Occasion.ALWAYS: True,
            Occasion.CHRISTIAN_PRACTICE: is_other_faith
            or (answer is not None and answer <= NEAR_LOW),
        }
        return (c.text for occasion, c in group.cautions.items() if holds.get(occasion))

    def _none_near(self, group: Group) -> Iterable[str]:
        near = None if self.available is None else self.available.get(group.id)
        if near is not None and not near.is_in_reach:
            yield self._of_group("caution.none_near", group)

    def _of_group(self, key: str, group: Group, dimension: Dimension | None = None) -> str:
        values: Mapping[str, object] = {
            "group": group.short_name,
            "substances": self._list(
                [self.wording.say(f"substance.{s}") for s in Substance if s in group.substances]
            ),
            "help_for": " / ".join(
                self.wording.say(f"help_for.{h}")
                for h in SeeksHelpFor
                if h in (group.membership.seeks_help_for or {self.person.seeks_help_for})
            ),
            "for_whom": group.membership.for_whom,
            "dimension": dimension and self.wording.say(f"dimension.{dimension}.name"),
        }
        return self.wording.say(key, **values)

    def _list(self, words: list[str]) -> str:
        return listed(words, self.wording)


def _end(position: float, width: float) -> str:
    if abs(position - _MIDDLE) <= width:
        return "middle"
    return "low" if position < _MIDDLE else "high"


def _welcomes(medication: Position) -> bool:
    """Whether a group is known, from a document, to welcome medication."""
    return medication.confidence is Confidence.DOCUMENTED and medication.position >= NEAR_HIGH
