"""Asking the question that is worth most, one at a time, and stopping early."""

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import evolve, frozen

from mshg._checks import enforce, whole
from mshg._results import Result
from mshg.domain import Dimension, Group, Person, StanceProfile
from mshg.errors import Problem, ValidationError
from mshg.fit.engine import distinct_groups, person_table
from mshg.fit.options import known_active, option_mask
from mshg.fit.parameters import ANSWERS, DEFAULT_PARAMETERS, FitParameters
from mshg.fit.results import Shortlist
from mshg.fit.shortlists import check_choice, named_by, shortlist
from mshg.wording import Wording
from mshg.wording import load as load_wording


@frozen(kw_only=True)
class Question(Result):
    """One question with its wording.

    Parameters
    ----------
    dimension
        What it is about.
    text
        The question.
    low, middle, high
        What the answers 1, 3 and 5 say.
    """

    dimension: Dimension
    text: str
    low: str
    middle: str
    high: str


@frozen(kw_only=True, repr=False)
class Interview(Result):
    """A person's answers so far and what to ask next; each answer gives a new one.

    Made by `interview`, which checks what it is given.

    Parameters
    ----------
    person
        With all answers given so far.
    groups, size, active, wording, parameters
        As in `shortlist`.
    """

    person: Person
    groups: tuple[Group, ...]
    size: int
    active: tuple[str, ...]
    wording: Wording
    parameters: FitParameters

    def __repr__(self) -> str:
        return "Interview(…)"

    def _content(self) -> dict[str, Any]:
        """What a host keeps of it between two requests, and what it shows."""
        return {"person": self.person, "size": self.size, "next": self.next()}

    def next(self) -> Question | None:
        """Give the question worth most; a declined one never comes back.

        None once the first ``size`` are certain, or where no answer to a single open question
        could change which group is first. Several answers together still might.
        """
        dimension = self._next_dimension()
        if dimension is None:
            return None
        say = self.wording.say
        return Question(
            dimension=dimension,
            text=say(f"dimension.{dimension}.question"),
            low=say(f"dimension.{dimension}.you_low"),
            middle=say(f"dimension.{dimension}.you_middle"),
            high=say(f"dimension.{dimension}.you_high"),
        )

    def answer(self, answer: int, *, dimension: str | None = None) -> "Interview":
        """Answer the next question, and give what follows.

        Parameters
        ----------
        answer
            From 1 (``low``) to 5 (``high``).
        dimension
            What was answered, if given: a guard against a form that is sent twice.

        Raises
        ------
        ValidationError
            An answer that is no whole number from 1 to 5, nothing is asked, or another question.
        """
        asked, stances = self._asked(dimension), self.person.stances
        enforce(answer=whole(answer, 1, ANSWERS))
        told = StanceProfile.from_likert({asked: answer}).positions
        return self._with(evolve(stances, positions={**stances.positions, **told}))

    def decline(self, *, dimension: str | None = None) -> "Interview":
        """Decline the next question for good, and give what follows.

        Raises
        ------
        ValidationError
            Nothing is asked, or another question than ``dimension``.
        """
        stances = self.person.stances
        return self._with(evolve(stances, declined=stances.declined | {self._asked(dimension)}))

    def shortlist(self) -> Shortlist:
        """Choose a shortlist from the answers so far."""
        return shortlist(
            self.person,
            self.groups,
            size=self.size,
            active=self.active,
            wording=self.wording,
            parameters=self.parameters,
        )

    def _with(self, stances: StanceProfile) -> "Interview":
        return evolve(self, person=evolve(self.person, stances=stances))

    def _next_dimension(self) -> Dimension | None:
        table = person_table(self.person, self.groups, self.parameters)
        row = option_mask([self.person], self.groups, active=self.active)
        settled = table.certain(self.size, row).certain.sum()
        if settled >= min(self.size, row.sum()):
            return None
        return named_by(tuple(Dimension), table.next_question(row).dimension)

    def _asked(self, dimension: str | None) -> Dimension:
        asked = self._next_dimension()
        if asked is None:
            raise ValidationError([Problem("$", "has no question left", code="out_of_order")])
        if dimension not in (None, asked):
            raise ValidationError(
                [Problem("$.dimension", "must be the question that is asked now", code="conflict")]
            )
        return asked


def interview(
    person: Person,
    groups: Iterable[Group] | Mapping[str, Group],
    *,
    size: int = 3,
    active: Iterable[str] = (),
    wording: Wording | None = None,
    parameters: FitParameters = DEFAULT_PARAMETERS,
) -> Interview:
    """Begin, or go on with, an interview that asks what is worth most and stops early.

    Parameters and errors are those of `shortlist`.

    Examples
    --------
    >>> from mshg import Person, catalog, fit
    >>> talk = fit.interview(Person(id="1"), catalog.load())
    >>> while (question := talk.next()) is not None:
    ...     talk = talk.answer(5) if question.dimension == "method" else talk.decline()
    >>> talk.shortlist().options[0].group
    'smart'
    """
    given = distinct_groups(groups)
    check_choice(person, size, wording, parameters)
    return Interview(
        person=person,
        groups=given,
        size=size,
        active=known_active(active, given),
        wording=load_wording() if wording is None else wording,
        parameters=parameters,
    )
