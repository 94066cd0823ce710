"""What fit says of one group to one person: reasons, cautions, why it is left out."""

from collections.abc import Iterable, Mapping

from attrs import frozen

from mshg.domain import (
    Confidence,
    Dimension,
    Goal,
    Group,
    GroupStatus,
    Person,
    Position,
    SeeksHelpFor,
    Substance,
    TreatmentStatus,
)
from mshg.fit.engine import (
    abstinence_by_goal,
    broken_limits,
    closing_rules,
    told_positions,
)
from mshg.fit.parameters import FitParameters
from mshg.fit.results import ExclusionRule, GroupFit
from mshg.wording import Wording

# Where a position counts as an end of its dimension, and how salient it must be for a
# caution to rest on it (judgment).
_NEAR_LOW, _NEAR_HIGH = 0.25, 0.75
_MIDDLE = 0.5
_MIDDLE_WIDTH = 0.2
_OWN_MIDDLE_WIDTH = 0.12  # less than half a step of the five
_FIRM = 0.5
_CENTRAL = 0.9

# Stopping these suddenly can bring on dangerous withdrawal.
_WITHDRAWAL = (Substance.ALCOHOL, Substance.BENZODIAZEPINES)


@frozen(kw_only=True)
class Speaker:
    """Says things about groups to one person in one wording."""

    person: Person
    wording: Wording
    parameters: FitParameters
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
        return _end(told_positions(self.person)[dimension], _OWN_MIDDLE_WIDTH)

    def _reason(self, key: str, dimension: Dimension, group: Group) -> str:
        say, person = self.wording.say, self.person
        end = _end(group.philosophy[dimension].position, _MIDDLE_WIDTH)
        theirs = say(f"dimension.{dimension}.group_{end}", group=group.short_name)
        if dimension is Dimension.ABSTINENCE and abstinence_by_goal(person) is not None:
            yours = say(f"goal.{person.goal}")
        else:
            yours = say(f"dimension.{dimension}.you_{self._own_end(dimension)}")
        return say(f"reason.{key}", you=yours, group=theirs)

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
        keys = [
            *(r.rule.value for r in group.ask(self.person) if r.admits is None),
            *self._caution_keys(group),
        ]
        told += [self._of_group(f"caution.{key}", group) for key in keys]
        silent = {
            limit.dimension
            for limit in self.person.dealbreakers
            if group.philosophy[limit.dimension].salience == 0
        }
        told += [self._of_group("caution.dealbreaker", group, d) for d in sorted(silent)]
        return tuple(told)

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
        dangerous = [s for s in _WITHDRAWAL if s in person.substances]
        if dangerous:
            yield say("note.withdrawal", substances=self._list(dangerous))
        if person.treatment is TreatmentStatus.NOT_OFFERED:
            yield say("note.treatment_not_offered")
        if person.treatment is None:
            yield say("note.treatment_unknown")
        if person.seeks_help_for is None:
            yield say("note.help_for_unknown")

    def _of_group(self, key: str, group: Group, dimension: Dimension | None = None) -> str:
        values: Mapping[str, object] = {
            "group": group.short_name,
            "substances": self._list([s for s in Substance if s in group.substances]),
            "help_for": " / ".join(
                self.wording.say(f"help_for.{h}")
                for h in SeeksHelpFor
                if h in (group.membership.seeks_help_for or {SeeksHelpFor.OWN_USE})
            ),
            "for_whom": group.membership.for_whom,
            "dimension": dimension and self.wording.say(f"dimension.{dimension}.name"),
        }
        return self.wording.say(key, **values)

    def _list(self, substances: list[Substance]) -> str:
        words = [self.wording.say(f"substance.{s}") for s in substances]
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
