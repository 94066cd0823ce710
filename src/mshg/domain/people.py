"""The person: what they believe, want and need. Nothing here shows in a repr."""

from collections.abc import Iterable, Mapping
from typing import Self, TypeAlias

from attrs import evolve, field, frozen

from mshg._checks import (
    Broken,
    boolean,
    broken,
    each,
    enforce,
    entries,
    instance,
    name,
    number,
    one_of,
    optional,
    share,
    text,
    under,
    whole,
)
from mshg._conversions import (
    to_float,
    to_frozenset,
    to_numbers_by_word,
    to_strings,
    to_tuple,
    to_word,
    to_words,
)
from mshg._mappings import FrozenMapping
from mshg.domain.identities import situations
from mshg.domain.vocabulary import (
    Barrier,
    Concern,
    Dimension,
    Focus,
    Goal,
    HowItWas,
    MeetingMode,
    SeeksHelpFor,
    Substance,
    TreatmentStatus,
)
from mshg.errors import ValidationError

LIKERT_STEPS = 5
HEAVIEST = 1e9  # far beyond any real ratio, and far from overflow in float32


def _private_repr(self: object) -> str:
    return f"{type(self).__name__}(…)"


Numbers: TypeAlias = Mapping[Dimension, float] | Mapping[str, float]


def _by_dimension(value: Numbers) -> FrozenMapping[Dimension, float]:
    return to_numbers_by_word(Dimension, value)


def _dimensions(value: Iterable[str]) -> frozenset[Dimension]:
    return to_words(Dimension, value)


def _dimension(value: str) -> Dimension:
    return to_word(Dimension, value)


def _limit(value: float | None) -> float | None:
    return None if value is None else to_float(value)


@frozen(kw_only=True, repr=False)
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

    positions: Mapping[Dimension, float] = field(factory=FrozenMapping, converter=_by_dimension)
    importance: Mapping[Dimension, float] = field(factory=FrozenMapping, converter=_by_dimension)
    declined: frozenset[Dimension] = field(default=frozenset(), converter=_dimensions)

    __repr__ = _private_repr

    def __attrs_post_init__(self) -> None:
        dimension = one_of(Dimension)
        positions = entries(dimension, share)(self.positions)
        declined = each(dimension, frozenset)(self.declined)
        if not positions and not declined:
            declined = self._answered_and_declined()
        enforce(
            positions=positions,
            importance=entries(dimension, lambda v: number(v, 0, HEAVIEST))(self.importance),
            declined=declined,
        )

    def _answered_and_declined(self) -> Broken:
        both = sorted(d for d in self.declined if d in self.positions)
        return tuple(p for d in both for p in broken("is answered as well as declined", f".{d}"))

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


@frozen(kw_only=True, repr=False)
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

    dimension: Dimension = field(converter=_dimension)
    at_least: float | None = field(default=None, converter=_limit)
    at_most: float | None = field(default=None, converter=_limit)

    __repr__ = _private_repr

    def __attrs_post_init__(self) -> None:
        low, high = optional(share)(self.at_least), optional(share)(self.at_most)
        if not low and not high:
            if self.at_least is None and self.at_most is None:
                low = broken("must be given, or at_most, or both")
            elif self.at_most is not None and self.is_broken_by(self.at_most):
                low = broken("must not be above at_most")
        enforce(dimension=one_of(Dimension)(self.dimension), at_least=low, at_most=high)

    def is_broken_by(self, position: float) -> bool:
        """Whether a position from 0 to 1 lies outside the limits."""
        below = self.at_least is not None and position < self.at_least
        return below or (self.at_most is not None and position > self.at_most)


def _how_it_was(value: str | None) -> HowItWas | None:
    return None if value is None else to_word(HowItWas, value)


@frozen(kw_only=True, repr=False)
class Experience:
    """A group that the person has tried.

    Parameters
    ----------
    group
        Its id.
    how_it_was
        How it was for them; None is not known.
    """

    group: str
    how_it_was: HowItWas | None = field(default=None, converter=_how_it_was)

    __repr__ = _private_repr

    def __attrs_post_init__(self) -> None:
        enforce(
            group=text(self.group),
            how_it_was=optional(one_of(HowItWas))(self.how_it_was),
        )


def _modes(value: Iterable[str]) -> frozenset[MeetingMode]:
    return to_words(MeetingMode, value)


def _weekdays(value: Iterable[int]) -> frozenset[int]:
    return to_frozenset(value)


@frozen(kw_only=True, repr=False)
class MeetingPreferences:
    """What kind of meeting suits the person. Empty means no preference.

    Parameters
    ----------
    modes
        Acceptable ways to attend; hybrid meetings count as in person and as online.
    weekdays
        Acceptable weekdays, Monday 0 to Sunday 6, in the meeting's own zone.
    all_tags, any_tags, no_tags
        Tags a meeting must have all of, at least one of, none of.
    languages
        Acceptable languages, as BCP 47 tags (``en``, ``es``). A meeting that names no
        language is taken to be in any.
    """

    modes: frozenset[MeetingMode] = field(default=frozenset(), converter=_modes)
    weekdays: frozenset[int] = field(default=frozenset(), converter=_weekdays)
    all_tags: frozenset[str] = field(default=frozenset(), converter=to_strings)
    any_tags: frozenset[str] = field(default=frozenset(), converter=to_strings)
    no_tags: frozenset[str] = field(default=frozenset(), converter=to_strings)
    languages: frozenset[str] = field(default=frozenset(), converter=to_strings)

    __repr__ = _private_repr

    def __attrs_post_init__(self) -> None:
        tags = each(name, frozenset)
        enforce(
            modes=each(one_of(MeetingMode), frozenset)(self.modes),
            weekdays=each(lambda v: whole(v, 0, 6), frozenset)(self.weekdays),
            all_tags=tags(self.all_tags),
            any_tags=tags(self.any_tags),
            no_tags=tags(self.no_tags),
            languages=each(text, frozenset)(self.languages),
        )


def _substances(value: Iterable[str]) -> frozenset[Substance]:
    return to_words(Substance, value)


def _barriers(value: Iterable[str]) -> frozenset[Barrier]:
    return to_words(Barrier, value)


def _goal(value: str | None) -> Goal | None:
    return None if value is None else to_word(Goal, value)


def _treatment(value: str | None) -> TreatmentStatus | None:
    return None if value is None else to_word(TreatmentStatus, value)


def _seeks_help_for(value: str | None) -> SeeksHelpFor | None:
    return None if value is None else to_word(SeeksHelpFor, value)


def _concerns(value: Iterable[str]) -> frozenset[Concern]:
    return to_words(Concern, value)


def _experiences(value: Iterable[Experience]) -> tuple[Experience, ...]:
    return to_tuple(value)


def _dealbreakers(value: Iterable[Dealbreaker]) -> tuple[Dealbreaker, ...]:
    return to_tuple(value)


@frozen(kw_only=True, repr=False)
class Person:
    """One person, as far as they have told. Everything but the id may be unknown.

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

    id: str
    stances: StanceProfile = field(factory=StanceProfile)
    substances: frozenset[Substance] = field(default=frozenset(), converter=_substances)
    goal: Goal | None = field(default=None, converter=_goal)
    treatment: TreatmentStatus | None = field(default=None, converter=_treatment)
    medication_for_addiction: bool | None = None
    seeks_help_for: SeeksHelpFor | None = field(default=None, converter=_seeks_help_for)
    barriers: frozenset[Barrier] = field(default=frozenset(), converter=_barriers)
    dealbreakers: tuple[Dealbreaker, ...] = field(default=(), converter=_dealbreakers)
    preferences: MeetingPreferences = field(factory=MeetingPreferences)
    identities: frozenset[str] = field(default=frozenset(), converter=to_strings)
    chosen_group: str | None = None
    experiences: tuple[Experience, ...] = field(default=(), converter=_experiences)
    concerns: frozenset[Concern] = field(default=frozenset(), converter=_concerns)
    is_mandated: bool | None = None

    __repr__ = _private_repr

    def __attrs_post_init__(self) -> None:
        enforce(
            id=text(self.id),
            stances=instance(StanceProfile)(self.stances),
            substances=each(one_of(Substance), frozenset)(self.substances),
            goal=optional(one_of(Goal))(self.goal),
            treatment=optional(one_of(TreatmentStatus))(self.treatment),
            medication_for_addiction=optional(boolean)(self.medication_for_addiction),
            seeks_help_for=optional(one_of(SeeksHelpFor))(self.seeks_help_for),
            barriers=each(one_of(Barrier), frozenset)(self.barriers),
            dealbreakers=each(instance(Dealbreaker), tuple)(self.dealbreakers),
            preferences=instance(MeetingPreferences)(self.preferences),
            identities=each(text, frozenset)(self.identities),
            chosen_group=optional(text)(self.chosen_group),
            experiences=each(instance(Experience), tuple)(self.experiences) or self._repeated(),
            concerns=each(one_of(Concern), frozenset)(self.concerns),
            is_mandated=optional(boolean)(self.is_mandated),
        )

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

    def _repeated(self) -> Broken:
        tried = [experience.group for experience in self.experiences]
        twice = (i for i, group in enumerate(tried) if group in tried[:i])
        return tuple(p for i in twice for p in broken("is given twice", f"[{i}].group"))
