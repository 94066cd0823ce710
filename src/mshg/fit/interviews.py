"""Asking the question that is worth most, one at a time, and stopping early."""

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import evolve, field, frozen

from mshg._arrays import Booleans
from mshg._checks import enforce, whole
from mshg._results import Result
from mshg.domain import Availability, Dimension, Group, Person, StanceProfile
from mshg.errors import Problem, ValidationError
from mshg.fit._arguments import availability_given, check_choice, distinct_groups, known_active
from mshg.fit.encoding import stated_positions
from mshg.fit.engine import person_ranking
from mshg.fit.options import option_mask
from mshg.fit.parameters import ANSWERS, DEFAULT_PARAMETERS, FitParameters
from mshg.fit.results import Shortlist
from mshg.fit.shortlists import named_by, shortlist
from mshg.fit.tables import RankingTable
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
    groups, size, active, available, wording, parameters
        As in `shortlist`.
    """

    person: Person
    groups: tuple[Group, ...]
    size: int
    active: tuple[str, ...]
    wording: Wording
    parameters: FitParameters
    available: Mapping[str, Availability] | None = None
    _before: "Interview | None" = field(default=None, eq=False)

    def __repr__(self) -> str:
        return "Interview(…)"

    def _content(self) -> dict[str, Any]:
        """What a host keeps of it between two requests, and what it shows."""
        return {"person": self.person, "size": self.size, "next": self.next()}

    def next(self) -> Question | None:
        """Give the question worth most; a declined one never comes back.

        None once the order of the first ``size`` is certain, or nothing is left to ask. Where no
        single answer could change which group is first, it goes on with the question that can move
        two groups furthest apart: a host that only needs the first may stop once
        ``shortlist().next_question`` is None.
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
        stated = StanceProfile.from_likert({asked: answer}).positions
        return self._with(evolve(stances, positions={**stances.positions, **stated}))

    def decline(self, *, dimension: str | None = None) -> "Interview":
        """Decline the next question for good, and give what follows.

        Raises
        ------
        ValidationError
            Nothing is asked, or another question than ``dimension``.
        """
        stances = self.person.stances
        return self._with(evolve(stances, declined=stances.declined | {self._asked(dimension)}))

    def back(self) -> "Interview":
        """Take back the last answer, or the last question declined; itself where there is none."""
        return self if self._before is None else self._before

    def shortlist(self) -> Shortlist:
        """Choose a shortlist from the answers so far."""
        return shortlist(
            self.person,
            self.groups,
            size=self.size,
            active=self.active,
            available=self.available,
            wording=self.wording,
            parameters=self.parameters,
        )

    def _with(self, stances: StanceProfile) -> "Interview":
        return evolve(self, person=evolve(self.person, stances=stances), before=self)

    def _next_dimension(self) -> Dimension | None:
        table = person_ranking(self.person, self.groups, self.parameters, self.available)
        row = option_mask([self.person], self.groups, active=self.active)[0]
        settled = table.certain(self.size, row).in_order[0]
        if settled >= min(self.size, row.sum()):
            return None
        asked = named_by(tuple(Dimension), table.next_question(row).dimension)
        return self._widest(table, row) if asked is None else asked

    def _widest(self, table: RankingTable, row: Booleans) -> Dimension | None:
        """The open question that can move two groups furthest apart, the first of those alike."""
        stated = {*stated_positions(self.person), *self.person.stances.declined}
        weights = self.person.stances.importance
        moved = zip(Dimension, table.swings(row).tolist(), strict=True)
        found = {d: swing * weights.get(d, 1.0) for d, swing in moved if d not in stated}
        widest = max(found, key=lambda d: found[d], default=None)
        return widest if widest is not None and found[widest] > 0 else None

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
    available: Mapping[str, Availability] | None = None,
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
        available=None if available is None else availability_given(available),
    )
