"""The person: what they believe, want and need. Nothing here shows in a repr."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Self, TypeAlias

from attrs import evolve, field, frozen

from mshg._checks import Broken, broken, entries, one_of, repeated, under, whole
from mshg._conversions import (
    by_annotation,
    optional_word,
    to_integers,
    to_tuple,
    to_word,
    word,
    words,
)
from mshg._fields import Name, Rule, Share, Text, check, post_init, whole_within, within
from mshg._languages import language
from mshg._mappings import FrozenMapping
from mshg.domain.identities import situations
from mshg.domain.updates import StateOfEvents, how_it_was, takes_medication
from mshg.domain.vocabulary import (
    Barrier,
    Concern,
    Dimension,
    Focus,
    Goal,
    HowItWas,
    SeeksHelpFor,
    Substance,
    TreatmentStatus,
    WayToAttend,
)
from mshg.errors import ValidationError

Numbers: TypeAlias = Mapping[Dimension, float] | Mapping[str, float]

LIKERT_STEPS = 5

Language: TypeAlias = Annotated[
    str, Rule(language, "a language", {"pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$"})
]
HEAVIEST = 1e9  # far beyond any real ratio, and far from overflow in float32


def _numbers(value: Numbers) -> Any:
    return value


def _private_repr(self: object) -> str:
    return f"{type(self).__name__}(…)"


@frozen(kw_only=True, repr=False, field_transformer=by_annotation)
class StanceProfile:
    """What a person believes and wants of a group, dimension by dimension.

    Parameters
    ----------
    positions
        Position from 0 to 1 for each dimension that was answered. A dimension that is
        not here, nor in ``declined``, is unanswered and may be asked.
    importance
        How much a dimension matters, from 0 to 1e9; 1 where it is not given. Only ratios count.
    declined
        Dimensions the person does not want to be asked about again.

    Raises
    ------
    ValidationError
        An unknown dimension, a number out of range, or a dimension both answered and declined.
    """

    positions: Mapping[Dimension, Share] = field(factory=FrozenMapping, converter=_numbers)
    importance: Mapping[Dimension, Annotated[float, within(0, HEAVIEST)]] = field(
        factory=FrozenMapping, converter=_numbers
    )
    declined: frozenset[Dimension] = field(default=frozenset(), converter=words)

    __repr__ = _private_repr

    def __attrs_post_init__(self) -> None:
        check(self, declined=self._answered_and_declined)

    def _answered_and_declined(self) -> Broken:
        answered = self.positions if isinstance(self.positions, FrozenMapping) else ()
        both = sorted(d for d in self.declined if d in answered)
        return tuple(
            p
            for d in both
            for p in broken("is answered as well as declined", f".{d}", code="conflict")
        )

    @classmethod
    def from_likert(
        cls,
        answers: Mapping[Dimension, int] | Mapping[str, int],
        *,
        importance: Numbers | None = None,
        declined: Iterable[str] = (),
    ) -> Self:
        """Take answers from 1 (the first end of a dimension) to 5 (the second).

        Raises
        ------
        ValidationError
            Each answer that is no whole number from 1 to 5, and all that the profile refuses.

        Examples
        --------
        >>> from mshg import Dimension, StanceProfile
        >>> profile = StanceProfile.from_likert({Dimension.METHOD: 5, Dimension.AGENCY: 4})
        >>> profile.positions[Dimension.AGENCY]
        0.75
        """
        wrong = entries(
            lambda d: one_of(Dimension)(to_word(Dimension, d)), lambda a: whole(a, 1, LIKERT_STEPS)
        )(answers)
        problems = list(under("$.answers", wrong))
        positions: dict[str, float] = {}
        if not problems:
            positions = {d: (int(a) - 1) / (LIKERT_STEPS - 1) for d, a in answers.items()}
        try:
            profile = cls(
                positions=positions,
                importance={} if importance is None else importance,
                declined=declined,
            )
        except ValidationError as error:
            problems += error.problems
        if problems:
            raise ValidationError(problems)
        return profile


@frozen(kw_only=True, repr=False, field_transformer=by_annotation)
class Dealbreaker:
    """A limit the person sets: no group whose position is outside it is an option.

    Limits are held against the numbers of the catalog, which are a reading of what groups say:
    0.25 leaves room where 0 would not. A group that is silent on the dimension (salience 0) is
    never removed.

    Parameters
    ----------
    dimension
        The dimension the limit is on.
    at_least, at_most
        Lowest and highest position from 0 to 1 that is acceptable; at least one is given.
    """

    dimension: Dimension = field(converter=word)
    at_least: Share | None = None
    at_most: Share | None = None

    __repr__ = _private_repr

    def __attrs_post_init__(self) -> None:
        check(self, at_least=self._limits)

    def _limits(self) -> Broken:
        if self.at_least is None and self.at_most is None:
            return broken("must be given, or at_most, or both", code="missing")
        if isinstance(self.at_most, float) and self.is_broken_by(self.at_most):
            return broken("must not be above at_most", code="conflict")
        return ()

    def is_broken_by(self, position: float) -> bool:
        """Whether a position from 0 to 1 lies outside the limits."""
        below = self.at_least is not None and position < self.at_least
        return below or (self.at_most is not None and position > self.at_most)


@frozen(kw_only=True, repr=False, field_transformer=by_annotation)
class Experience:
    """A group that the person has tried.

    Parameters
    ----------
    group
        Its id.
    how_it_was
        How it was for them; None is not known.
    """

    group: Text
    how_it_was: HowItWas | None = field(default=None, converter=optional_word)

    __repr__ = _private_repr

    __attrs_post_init__ = post_init


@frozen(kw_only=True, repr=False, field_transformer=by_annotation)
class MeetingPreferences:
    """What kind of meeting suits the person. Empty means no preference.

    Parameters
    ----------
    modes
        Acceptable ways to attend; hybrid meetings count as in person and as online. An inactive
        meeting can't be attended.
    weekdays
        Acceptable weekdays, Monday 0 to Sunday 6, in the meeting's own zone.
    all_tags, any_tags, no_tags
        Tags a meeting must have all of, at least one of, none of.
    languages
        Acceptable languages, as BCP 47 tags of known languages (``en``, ``es``). A meeting that
        names no language is taken to be in any.
    """

    modes: frozenset[WayToAttend] = field(default=frozenset(), converter=words)
    weekdays: frozenset[Annotated[int, whole_within(0, 6)]] = field(
        default=frozenset(), converter=to_integers
    )
    all_tags: frozenset[Name] = field(default=frozenset(), converter=words)
    any_tags: frozenset[Name] = field(default=frozenset(), converter=words)
    no_tags: frozenset[Name] = field(default=frozenset(), converter=words)
    languages: frozenset[Language] = field(default=frozenset(), converter=words)

    __repr__ = _private_repr

    __attrs_post_init__ = post_init


def _experiences(value: Iterable[Experience]) -> tuple[Experience, ...]:
    return to_tuple(value)


def _dealbreakers(value: Iterable[Dealbreaker]) -> tuple[Dealbreaker, ...]:
    return to_tuple(value)


@frozen(kw_only=True, repr=False, field_transformer=by_annotation)
class Person:
    """One person, as far as they have said. Everything but the id may be unknown.

    Parameters
    ----------
    id
        The host's own id. mshg never shows it and makes nothing of it.
    stances
        What they believe and want of a group.
    substances
        Substances in question; empty is not known.
    goal
        What they want of their own use; None is not known. It stands in for an
        unanswered ``abstinence``.
    treatment
        Where they stand with formal treatment; None is not known.
    medication_for_addiction
        Whether they take medication for addiction; None is not known.
    seeks_help_for
        Their own use or someone else's; None is not known.
    barriers
        What makes it hard to get to meetings or to take part.
    dealbreakers
        Limits the person named; each removes groups outside it.
    preferences
        What kind of meeting suits them.
    identities
        Their own words for who they are, in lower case (``woman``, ``veteran``). They never
        change fit. A group's membership rule reads them, and what they say that a person lives
        with (a faith, a mental health diagnosis, being gay) may raise shared experience; gender
        and age never do.
    chosen_group
        Id of the group the person has chosen, if they have.
    experiences
        Groups they have tried and how it was, each group once.
    concerns
        What makes them wary of a group; a shortlist answers it.
    is_mandated
        Whether a court, a program or an employer asks them to go; None is not known.
    """

    id: Text
    stances: StanceProfile = field(factory=StanceProfile)
    substances: frozenset[Substance] = field(default=frozenset(), converter=words)
    goal: Goal | None = field(default=None, converter=optional_word)
    treatment: TreatmentStatus | None = field(default=None, converter=optional_word)
    medication_for_addiction: bool | None = None
    seeks_help_for: SeeksHelpFor | None = field(default=None, converter=optional_word)
    barriers: frozenset[Barrier] = field(default=frozenset(), converter=words)
    dealbreakers: tuple[Dealbreaker, ...] = field(default=(), converter=_dealbreakers)
    preferences: MeetingPreferences = field(factory=MeetingPreferences)
    identities: frozenset[Text] = field(default=frozenset(), converter=words)
    chosen_group: Text | None = None
    experiences: tuple[Experience, ...] = field(default=(), converter=_experiences)
    concerns: frozenset[Concern] = field(default=frozenset(), converter=words)
    is_mandated: bool | None = None

    __repr__ = _private_repr

    def __attrs_post_init__(self) -> None:
        check(self, experiences=self._repeated)

    @property
    def lives_with(self) -> frozenset[Focus]:
        """What they have stated that members of a group may share; nothing is inferred."""
        found = {Focus(substance) for substance in self.substances} | situations(self.identities)
        if self.medication_for_addiction:
            found.add(Focus.MEDICATION_FOR_ADDICTION)
        if self.seeks_help_for is SeeksHelpFor.SOMEONE_ELSES_USE:
            found.add(Focus.SOMEONE_ELSES_USE)
        return frozenset(found)

    def with_answer(self, dimension: str, answer: int) -> "Person":
        """Give the person with one answer from 1 to 5, even to a question declined before.

        Raises
        ------
        ValidationError
            An unknown dimension, or an answer that is no whole number from 1 to 5.

        Examples
        --------
        >>> from mshg import Person, StanceProfile
        >>> person = Person(id="1", stances=StanceProfile(declined=["method"]))
        >>> dict(person.with_answer("method", 5).stances.positions)
        {<Dimension.METHOD: 'method'>: 1.0}
        """
        answered = StanceProfile.from_likert({dimension: answer}).positions
        stances = evolve(
            self.stances,
            positions={**self.stances.positions, **answered},
            declined=self.stances.declined - set(answered),
        )
        return evolve(self, stances=stances)

    def updated_from(self, state: StateOfEvents) -> "Person":
        """Give the person with what a log of events says of them, so that nothing is kept twice.

        Carried over are the goal, the chosen group, treatment and medication, concerns and
        barriers, and the groups they went to, with how it was by the last rating (7 of 10 and more
        is liked, 3 and less disliked). What the events don't say stays as it is.

        Parameters
        ----------
        state
            A `mshg.events.PersonState`, or anything with its attributes.

        Examples
        --------
        >>> from mshg import Person, events
        >>> state = events.PersonState(use=events.UseState(goal="abstinence"))
        >>> Person(id="1").updated_from(state).goal
        <Goal.ABSTINENCE: 'abstinence'>
        """
        medication = takes_medication(state.care.medication)
        is_stated = medication is not None
        return evolve(
            self,
            goal=state.use.goal or self.goal,
            chosen_group=state.referral.chosen_group or self.chosen_group,
            treatment=state.care.treatment or self.treatment,
            medication_for_addiction=medication if is_stated else self.medication_for_addiction,
            concerns=self.concerns | state.referral.concerns,
            barriers=state.contact.barriers or self.barriers,
            experiences=self._experiences_with(state.participation.tried),
        )

    def _experiences_with(self, tried: Mapping[str, float | None]) -> tuple[Experience, ...]:
        """Their experiences, with groups attended; a rating is newer than what was said before."""
        before = {experience.group: experience.how_it_was for experience in self.experiences}
        found = before | {g: how_it_was(rating) or before.get(g) for g, rating in tried.items()}
        return tuple(Experience(group=group, how_it_was=how) for group, how in found.items())

    def _repeated(self) -> Broken:
        return repeated((tried.group for tried in self.experiences), ".group")
