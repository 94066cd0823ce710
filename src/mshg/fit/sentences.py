"""What fit says of one group to one person: reasons, cautions, why it is left out."""

from collections.abc import Iterable, Mapping
from math import isnan

from attrs import frozen

from mshg.domain import (
    Concern,
    ConcernAnswer,
    Confidence,
    Dimension,
    Goal,
    Group,
    GroupStatus,
    HowItWas,
    MembershipRule,
    Person,
    Position,
    SeeksHelpFor,
    Substance,
    TreatmentStatus,
)
from mshg.fit.encoding import abstinence_by_goal, stated_positions
from mshg.fit.options import broken_limits, closing_rules, is_set_behind
from mshg.fit.parameters import ANSWERS, FitParameters
from mshg.fit.results import Counterfactual, ExclusionRule, GroupFit, NotShown
from mshg.wording import Wording

# Where a position counts as an end of its dimension, and how salient it must be for a
# caution to rest on it (judgment).
_NEAR_LOW, _NEAR_HIGH = 0.25, 0.75
_MIDDLE = 0.5
_MIDDLE_WIDTH = 0.2
_OWN_MIDDLE_WIDTH = 0.12  # less than half a step of the five
_FIRM = 0.5
_CENTRAL = 0.9

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

# Stopping these suddenly can bring on dangerous withdrawal.
_WITHDRAWAL = (Substance.ALCOHOL, Substance.BENZODIAZEPINES, Substance.OTHER_SEDATIVES)


@frozen(kw_only=True)
class Speaker:
    """Says things about groups to one person in one wording."""

    person: Person
    wording: Wording
    parameters: FitParameters
    groups: Mapping[str, Group]
    active: tuple[str, ...] = ()

    def reasons(self, group: Group, fit: GroupFit) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Sentences for and against, the weightiest first."""
        told = [
            (d, c)
            for d, c in fit.contributions.items()
            if abs(c) >= self.parameters.reason_floor and self._is_plain(d, c, group)
        ]
        told.sort(key=lambda pair: -abs(pair[1]))
        shown = self.parameters.reasons_shown
        return (
            tuple(self._reason("for", d, group) for d, c in told if c > 0)[:shown],
            tuple(self._reason("against", d, group) for d, c in told if c < 0)[:shown],
        )

    def _is_plain(self, dimension: Dimension, contribution: float, group: Group) -> bool:
        """Whether one sentence can carry it, by the ends that it names."""
        own = self._own_end(dimension)
        theirs = _end(group.philosophy[dimension].position, _MIDDLE_WIDTH)
        if contribution > 0:
            return own in (theirs, "middle")
        return theirs not in (own, "middle")

    def _own_end(self, dimension: Dimension) -> str:
        return _end(stated_positions(self.person)[dimension], _OWN_MIDDLE_WIDTH)

    def _reason(self, key: str, dimension: Dimension, group: Group) -> str:
        say, person = self.wording.say, self.person
        end = _end(group.philosophy[dimension].position, _MIDDLE_WIDTH)
        theirs = say(f"dimension.{dimension}.group_{end}", group=group.short_name)
        if dimension is Dimension.ABSTINENCE and abstinence_by_goal(person) is not None:
            yours = say(f"goal.{person.goal}")
        else:
            yours = say(f"dimension.{dimension}.you_{self._own_end(dimension)}")
        return say(f"reason.{key}", you=yours, group=theirs)

    def not_shown(self, fit: GroupFit, better: GroupFit | None, kept: Iterable[str]) -> NotShown:
        """Why an open group is not shown, beside the option next before it in fit."""
        group = self.groups[fit.group]
        if is_set_behind(self.person, group):
            reason = self._of_group("caution.seeks_help_for", group)
            return NotShown(group=group.id, by=None, dimensions=(), reason=reason)
        gains = [] if better is None else self._gains(better, fit)
        sentences = [self._of_group(f"not_shown.{key}", group) for key in dict.fromkeys(kept)]
        if better is not None:
            names = [self.wording.say(f"dimension.{d}.name") for d in gains]
            key = "unknown" if isnan(fit.score) else "by" if gains else "level"
            comparison = self.wording.say(
                f"not_shown.{key}",
                group=group.short_name,
                other=self.groups[better.group].short_name,
                dimensions=self._list(names[: self.parameters.reasons_shown]),
            )
            sentences.insert(0, comparison)
        return NotShown(
            group=group.id,
            by=None if better is None else better.group,
            dimensions=tuple(gains),
            reason=" ".join(sentences),
        )

    def outlook(
        self, certain: str | None, question: Dimension | None, change: Counterfactual | None
    ) -> Iterable[str]:
        """What is certain though questions are open, what to ask next, what would change."""
        say, stances = self.wording.say, self.person.stances
        settled = {*stated_positions(self.person), *stances.declined}
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
        if "dependence" in self._caution_keys(group):
            yield self._of_group("caution.dependence", group)

    def _gains(self, better: GroupFit, fit: GroupFit) -> list[Dimension]:
        """Dimensions on which one group leads another, the weightiest first; none in a tie."""
        if not better.score - fit.score > self.parameters.tie:
            return []
        leads = {d: better.contributions[d] - c for d, c in fit.contributions.items()}
        found = [d for d, lead in leads.items() if lead > self.parameters.tie]
        return sorted(found, key=lambda d: -leads[d])

    def answers(self, group: Group) -> tuple[ConcernAnswer, ...]:
        """What the catalog answers to the person's concerns about a group."""
        return tuple(a for a in group.concerns if a.concern in self.person.concerns)

    def exclusion(self, group: Group, rules: Iterable[ExclusionRule]) -> str:
        """Why a group is no option."""
        return " ".join(
            sentence for rule in rules for sentence in self._exclusion_sentences(group, rule)
        )

    def _exclusion_sentences(self, group: Group, rule: ExclusionRule) -> list[str]:
        key = f"exclusion.{rule}"
        if rule is not ExclusionRule.DEALBREAKER:
            return [self._of_group(key, group)]
        return [self._of_group(key, group, d) for d in broken_limits(self.person, group)]

    def cautions(self, group: Group, *, is_chosen: bool) -> tuple[str, ...]:
        """What to know or ask before going."""
        told: list[str] = []
        closed = closing_rules(self.person, group)
        if is_chosen and closed:
            told.append(self.wording.say("caution.chosen", why=self.exclusion(group, closed)))
        keys = [*self._unknown_keys(group), *self._caution_keys(group)]
        told += [self._of_group(f"caution.{key}", group) for key in keys]
        silent = {
            limit.dimension
            for limit in self.person.dealbreakers
            if group.philosophy[limit.dimension].salience == 0
        }
        told += [self._of_group("caution.dealbreaker", group, d) for d in sorted(silent)]
        return (*told, *self._of_experience(group), *self._of_open_concerns(group))

    def _of_experience(self, group: Group) -> Iterable[str]:
        """Having tried the group, or one that it shares meetings with, is never passed over."""
        for tried in self.person.experiences:
            if tried.group == group.id:
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
        for concern in (c for c in Concern if c in self.person.concerns - answered):
            name, dimension = say(f"concern.{concern}"), _DIMENSION_OF.get(concern)
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
                yield "help_for_unknown" if is_whose and is_untold else ruling.rule.value

    def _caution_keys(self, group: Group) -> Iterable[str]:
        person, philosophy = self.person, group.philosophy
        abstinence = philosophy[Dimension.ABSTINENCE]
        if person.substances & group.substances and person.substances - group.substances:
            yield "other_substances"
        if person.medication_for_addiction and not _welcomes(philosophy[Dimension.MEDICATION]):
            yield "medication"
        if _turns_on(philosophy[Dimension.MEDICATION]) and person.medication_for_addiction is False:
            yield "medication_focus"
        wants_abstinence = person.stances.positions.get(Dimension.ABSTINENCE, 0) >= _NEAR_HIGH
        other_goal = person.goal in (Goal.MODERATION, Goal.REDUCTION) and not wants_abstinence
        if other_goal and abstinence.position >= _NEAR_HIGH and abstinence.salience >= _FIRM:
            yield "abstinence_only"
        if abstinence.position <= _NEAR_LOW and abstinence.salience > 0:
            yield "dependence"
        if group.status is GroupStatus.HISTORICAL and group.id not in self.active:
            yield "historical"

    def notes(self) -> Iterable[str]:
        """What comes before any option: safety, then treatment, then what was assumed."""
        say, person = self.wording.say, self.person
        dangerous = [say(f"substance.{s}") for s in _WITHDRAWAL if s in person.substances]
        is_for_other = person.seeks_help_for is SeeksHelpFor.SOMEONE_ELSES_USE
        if dangerous:
            key = "note.withdrawal_of_other" if is_for_other else "note.withdrawal"
            yield say(key, substances=self._list(dangerous))
        if is_for_other:
            return
        if person.treatment is TreatmentStatus.NOT_OFFERED:
            yield say("note.treatment_not_offered")
        if person.treatment is None:
            yield say("note.treatment_unknown")
        if person.seeks_help_for is None:
            yield say("note.help_for_unknown")

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
        if len(words) < 2:
            return "".join(words)
        *before, second_last, last = words
        text = self.wording.say("list.last_two", first=second_last, last=last)
        for word in reversed(before):
            text = self.wording.say("list.more", first=word, rest=text)
        return text


def _end(position: float, width: float) -> str:
    if abs(position - _MIDDLE) <= width:
        return "middle"
    return "low" if position < _MIDDLE else "high"


def _welcomes(medication: Position) -> bool:
    """Whether a group is known, from a document, to welcome medication."""
    return medication.confidence is Confidence.DOCUMENTED and medication.position >= _NEAR_HIGH


def _turns_on(medication: Position) -> bool:
    """Whether a group is built around people who take medication."""
    return medication.position >= _NEAR_HIGH and medication.salience >= _CENTRAL
