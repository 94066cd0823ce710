"""Asking what people have tried, how it was, and what makes them wary."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from attrs import evolve, field, frozen

from mshg import catalog
from mshg._checks import Broken, broken, each, enforce, instance, optional
from mshg._conversions import to_tuple
from mshg._results import Result
from mshg.domain import Concern, Experience, Group, HowItWas, Person
from mshg.errors import Problem, ValidationError
from mshg.fit._arguments import distinct_groups
from mshg.fit.options import is_relative
from mshg.wording import Wording
from mshg.wording import load as load_wording


class IntakeTopic(StrEnum):
    """What a question of an intake is about."""

    TRIED = "tried"
    HOW_IT_WAS = "how_it_was"
    CONCERNS = "concerns"


@frozen(kw_only=True)
class Choice(Result):
    """One of the answers to choose from: what to send back, and what to show."""

    value: str
    label: str


@frozen(kw_only=True)
class IntakeQuestion(Result):
    """One question with its wording.

    Parameters
    ----------
    topic
        What it is about.
    group
        Id of the group it asks about; None where it asks about none in particular.
    text
        The question.
    choices
        What may be answered.
    is_multiple
        Whether any number of them may be chosen, none as well; else exactly one.
    """

    topic: IntakeTopic
    group: str | None
    text: str
    choices: tuple[Choice, ...]
    is_multiple: bool


@frozen(kw_only=True, repr=False)
class Intake(Result):
    """What a person has said of groups so far, and what to ask next; each answer gives a new one.

    Made by `intake`, which checks what it is given.

    Parameters
    ----------
    person
        With all answers given so far.
    groups, wording
        As in `shortlist`.
    done
        What was answered or declined, as topics and ids of groups.
    """

    person: Person
    groups: tuple[Group, ...]
    wording: Wording
    done: frozenset[tuple[IntakeTopic, str | None]] = frozenset()
    _before: "Intake | None" = field(default=None, eq=False)

    def __repr__(self) -> str:
        return "Intake(…)"

    def _content(self) -> dict[str, Any]:
        """What a host keeps of it between two requests, and what it shows."""
        return {"person": self.person, "next": self.next()}

    def next(self) -> IntakeQuestion | None:
        """Give the next question: what was tried, how each was, what makes them wary.

        What is known already is not asked. None where nothing is left.
        """
        if not self.person.experiences and (IntakeTopic.TRIED, None) not in self.done:
            return self._tried()
        names = {group.id: group.short_name for group in self.groups}
        for tried in self.person.experiences:
            is_done = (IntakeTopic.HOW_IT_WAS, tried.group) in self.done
            if tried.how_it_was is None and tried.group in names and not is_done:
                return self._how_it_was(tried.group, names[tried.group])
        if not self.person.concerns and (IntakeTopic.CONCERNS, None) not in self.done:
            return self._concerns()
        return None

    def answer(self, values: str | Iterable[str]) -> "Intake":
        """Answer the next question with values of its choices, and give what follows.

        Raises
        ------
        ValidationError
            Nothing is asked, a value that is none of its choices, or not exactly one where one is
            asked for.
        """
        asked = self._asked()
        given = (values,) if isinstance(values, str) else to_tuple(values)
        allowed = {choice.value for choice in asked.choices}
        wrong = each(lambda v: _known(v, allowed), tuple)(given)
        if not wrong and not asked.is_multiple and len(given) != 1:
            wrong = broken("must be exactly one of the choices", code="not_one_of")
        enforce(values=wrong)
        return self._done(asked, self._stated(asked, dict.fromkeys(given)))

    def decline(self) -> "Intake":
        """Leave the next question open, and give what follows."""
        return self._done(self._asked(), self.person)

    def back(self) -> "Intake":
        """Take back the last answer; itself where there is none."""
        return self if self._before is None else self._before

    def _stated(self, asked: IntakeQuestion, values: Iterable[str]) -> Person:
        if asked.topic is IntakeTopic.TRIED:
            experiences = [Experience(group=group) for group in values]
            return evolve(self.person, experiences=experiences)
        if asked.topic is IntakeTopic.CONCERNS:
            return evolve(self.person, concerns=tuple(values))
        (how_it_was,) = values
        experiences = [
            evolve(tried, how_it_was=how_it_was) if tried.group == asked.group else tried
            for tried in self.person.experiences
        ]
        return evolve(self.person, experiences=experiences)

    def _done(self, asked: IntakeQuestion, person: Person) -> "Intake":
        done = self.done | {(asked.topic, asked.group)}
        return evolve(self, person=person, done=done, before=self)

    def _asked(self) -> IntakeQuestion:
        asked = self.next()
        if asked is None:
            raise ValidationError([Problem("$", "has no question left", code="invalid")])
        return asked

    def _tried(self) -> IntakeQuestion:
        return IntakeQuestion(
            topic=IntakeTopic.TRIED,
            group=None,
            text=self.wording.say("intake.tried"),
            choices=tuple(Choice(value=g.id, label=g.name) for g in self.groups),
            is_multiple=True,
        )

    def _how_it_was(self, group_id: str, name: str) -> IntakeQuestion:
        say = self.wording.say
        return IntakeQuestion(
            topic=IntakeTopic.HOW_IT_WAS,
            group=group_id,
            text=say("intake.how_it_was", group=name),
            choices=tuple(Choice(value=h.value, label=say(f"how_it_was.{h}")) for h in HowItWas),
            is_multiple=False,
        )

    def _concerns(self) -> IntakeQuestion:
        say = self.wording.say
        table = "concern_of_relative" if is_relative(self.person) else "concern"
        return IntakeQuestion(
            topic=IntakeTopic.CONCERNS,
            group=None,
            text=say("intake.concerns"),
            choices=tuple(Choice(value=c.value, label=say(f"{table}.{c}")) for c in Concern),
            is_multiple=True,
        )


def intake(
    person: Person,
    groups: Iterable[Group] | Mapping[str, Group] | None = None,
    *,
    wording: Wording | None = None,
) -> Intake:
    """Begin, or go on with, an intake: what was tried, how it was, and what makes them wary.

    It goes on where an `interview` about beliefs ends; a shortlist makes use of every answer.

    Parameters
    ----------
    person
        Whom to ask.
    groups
        Groups that they may have tried; the shipped catalog if None.
    wording
        Whose sentences to say; mshg's own in English if None.

    Raises
    ------
    ValidationError
        A person, groups or wording that are none.

    Examples
    --------
    >>> from mshg import Person, fit
    >>> asked = fit.intake(Person(id="1"))
    >>> asked.next().text
    'Which of these groups have you been to?'
    >>> asked = asked.answer(["aa"]).answer("disliked").answer(["religion"])
    >>> asked.next() is None, asked.person.experiences[0].how_it_was.value
    (True, 'disliked')
    """
    enforce(person=instance(Person)(person), wording=optional(instance(Wording))(wording))
    return Intake(
        person=person,
        groups=distinct_groups(catalog.load() if groups is None else groups),
        wording=load_wording() if wording is None else wording,
    )


def _known(value: object, allowed: set[str]) -> Broken:
    is_known = isinstance(value, str) and value in allowed
    return () if is_known else broken("must be one of the choices", code="not_one_of")
