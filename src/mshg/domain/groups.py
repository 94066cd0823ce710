"""Groups: what a fellowship believes and does, and whom it is for."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated

from attrs import field, frozen

from mshg._checks import Broken, broken, each, enforce, instance, line, repeated
from mshg._conversions import by_annotation, optional_word, to_tuple, word, words
from mshg._fields import Line, Name, Rule, Share, Text, check, post_init, whole_within
from mshg._mappings import FrozenMapping
from mshg.domain.meetings import Meeting
from mshg.domain.people import Person
from mshg.domain.vocabulary import (
    Concern,
    ConcernDirection,
    Confidence,
    Dimension,
    Focus,
    GroupStatus,
    Occasion,
    Reach,
    SeeksHelpFor,
    Substance,
    Tradition,
)


@frozen(kw_only=True, field_transformer=by_annotation)
class Position:
    """Where a group stands on one dimension, and how much its practice turns on it.

    Parameters
    ----------
    position
        From 0 to 1, between the dimension's two ends.
    salience
        From 0, the group is silent, to 1, its practice turns on it.
    source
        What it rests on, for a reader.
    confidence
        Whether that is a document read, or judgment.
    """

    position: Share
    salience: Share
    source: Text
    confidence: Confidence = field(converter=word)

    __attrs_post_init__ = post_init


@frozen(kw_only=True, field_transformer=by_annotation)
class FocusShare:
    """How far members of a group share something that a person may live with.

    Parameters
    ----------
    share
        From 0, no members do, to 1, it is what the group is for.
    source, confidence
        As in `Position`. The number is our reading of the source.
    """

    share: Share
    source: Text
    confidence: Confidence = field(converter=word)

    __attrs_post_init__ = post_init


@frozen(kw_only=True, field_transformer=by_annotation)
class GroupCaution:
    """What to know of a group before going, on one occasion.

    Parameters
    ----------
    text
        A plain sentence or two to the person.
    source, confidence
        As in `Position`.
    """

    text: Line
    source: Text
    confidence: Confidence = field(converter=word)

    __attrs_post_init__ = post_init


@frozen(kw_only=True, field_transformer=by_annotation)
class ConcernAnswer:
    """A common concern or misconception about a group, and what is known of it.

    Parameters
    ----------
    concern
        What it is about.
    statement
        What people say or fear, in the first person ("I have to be religious for AA.").
    answer
        A plain answer to the person.
    source, confidence
        As in `Position`.
    direction
        Whether it answers people who fear too much of it, or too little: of religion, say. Where a
        concern runs one way only, it says nothing.
    """

    concern: Concern = field(converter=word)
    statement: Line
    answer: Line
    source: Text
    confidence: Confidence = field(converter=word)
    direction: ConcernDirection = field(default=ConcernDirection.TOO_MUCH, converter=word)

    __attrs_post_init__ = post_init


class MembershipRule(StrEnum):
    """A rule of a group that can close it to a person."""

    SUBSTANCES = "substances"
    SEEKS_HELP_FOR = "seeks_help_for"
    IDENTITY = "identity"


@frozen(kw_only=True, repr=False, field_transformer=by_annotation)
class MembershipDecision:
    """What one membership rule says of one person: admitted, closed, or unknown (None)."""

    rule: MembershipRule
    admits: bool | None

    def __repr__(self) -> str:
        return "MembershipDecision(…)"


@frozen(kw_only=True, field_transformer=by_annotation)
class Membership:
    """Whom a group is for, beside its scope of substances.

    Parameters
    ----------
    seeks_help_for
        Whose use its members seek help for; empty is not known, and own use is presumed.
    welcomes
        Identities it is for, as people may write them; empty for everyone.
    closed_to
        Identities that alone do not qualify. Any other leaves the question open.
    for_whom
        ``welcomes`` in words for a reader; the identities themselves if not given.
    """

    seeks_help_for: frozenset[SeeksHelpFor] = field(default=frozenset(), converter=words)
    welcomes: frozenset[Line] = field(default=frozenset(), converter=words)
    closed_to: frozenset[Text] = field(default=frozenset(), converter=words)
    for_whom: Line | None = None

    def __attrs_post_init__(self) -> None:
        if self.for_whom is None and self.welcomes and not each(line, frozenset)(self.welcomes):
            object.__setattr__(self, "for_whom", ", ".join(sorted(self.welcomes)))
        check(self)

    @property
    def is_for_others_alone(self) -> bool:
        """Whether its members seek help for someone else's use and not for their own."""
        return self.seeks_help_for == {SeeksHelpFor.SOMEONE_ELSES_USE}

    def admits_identities(self, identities: frozenset[str]) -> bool | None:
        """Whether someone of these identities may join; None where they don't tell."""
        named, welcomes, closed_to = (
            {identity.casefold() for identity in some}
            for some in (identities, self.welcomes, self.closed_to)
        )
        if not welcomes or named & welcomes:
            return True
        return False if named & closed_to else None

    def admits_help_for(self, seeks_help_for: SeeksHelpFor | None) -> bool | None:
        """Whether the group is for this kind of help; own use is presumed where it is not known."""
        members = self.seeks_help_for or {SeeksHelpFor.OWN_USE}
        if (seeks_help_for or SeeksHelpFor.OWN_USE) in members:
            return True
        return None if seeks_help_for is None or not self.seeks_help_for else False


def _concerns(value: Iterable[ConcernAnswer]) -> tuple[ConcernAnswer, ...]:
    return to_tuple(value)


@frozen(kw_only=True, field_transformer=by_annotation)
class Group:
    """A mutual self-help fellowship. A fact without a source is None, never guessed.

    Parameters
    ----------
    id, name, short_name
        The id used everywhere, the full name, and the one used in sentences.
    tradition
        The lineage of its program, or whom it is built for; None is not known.
    reach
        How widely it meets; None is not known.
    is_twelve_step, is_secular
        Whether it works twelve steps, and whether it does without religion and higher power.
    derived_from, variant_of
        Id of the group it came out of; id of the group whose meetings it is part of.
    variant_tags
        With ``variant_of``: the tags that its meetings carry in that group's lists.
    founded
        Year.
    status
        Whether it is known to hold meetings today.
    substances
        Its scope; empty is not known.
    membership
        Whom it is for.
    philosophy
        All twelve dimensions.
    focus
        How far members share what a person may live with: substances, and a few situations. What
        is left out, they don't share. Empty is not known.
    website
        Address.
    summary, summary_for_provider, summary_for_family
        A few plain sentences each: for the person, for a clinician who refers, and for
        relatives and friends.
    concerns
        Common concerns and misconceptions with their answers, each concern once a direction.
    cautions
        What to know before going, by the occasion on which it is said.
    sources
        For each fact by field name, what it rests on; the catalog's loader requires it.
    """

    id: Name
    name: Line
    philosophy: Mapping[Dimension, Position] = field(repr=False)
    short_name: Annotated[str, Rule(line, "one line", {"minLength": 0})] = ""
    tradition: Tradition | None = field(default=None, converter=optional_word)
    reach: Reach | None = field(default=None, converter=optional_word)
    is_twelve_step: bool | None = None
    is_secular: bool | None = None
    derived_from: Name | None = None
    variant_of: Name | None = None
    variant_tags: frozenset[Name] = field(default=frozenset(), converter=words)
    founded: Annotated[int, whole_within(1800, 2100)] | None = None
    status: GroupStatus = field(default=GroupStatus.ACTIVE, converter=word)
    substances: frozenset[Substance] = field(default=frozenset(), converter=words, repr=False)
    membership: Membership = Membership()
    website: Text | None = None
    summary: Text | None = field(default=None, repr=False)
    summary_for_provider: Text | None = field(default=None, repr=False)
    summary_for_family: Text | None = field(default=None, repr=False)
    concerns: tuple[ConcernAnswer, ...] = field(default=(), converter=_concerns, repr=False)
    focus: Mapping[Focus, FocusShare] = field(factory=FrozenMapping, repr=False)
    cautions: Mapping[Occasion, GroupCaution] = field(factory=FrozenMapping, repr=False)
    sources: Mapping[Text, Text] = field(factory=FrozenMapping, repr=False)

    def __attrs_post_init__(self) -> None:
        if self.short_name == "":
            object.__setattr__(self, "short_name", self.name)
        check(
            self,
            philosophy=self._unplaced,
            variant_tags=self._untagged,
            concerns=self._repeated,
        )

    def _unplaced(self) -> Broken:
        missing = [d for d in Dimension if d not in self.philosophy]
        return tuple(p for d in missing for p in broken("is missing", f".{d}", code="missing"))

    def _untagged(self) -> Broken:
        is_untagged = self.variant_of is not None and not self.variant_tags
        return (
            broken("must not be empty where variant_of is given", code="blank")
            if is_untagged
            else ()
        )

    def _repeated(self) -> Broken:
        stated = ((answer.concern, answer.direction) for answer in self.concerns)
        return repeated(stated, ".concern")

    def check_membership(self, person: Person) -> tuple[MembershipDecision, ...]:
        """Ask each membership rule about a person.

        What is not known of the person is answered by None and never closes a group.
        Without a known scope the group is taken to be for any substance. A group for relatives is
        never closed by what the other person uses: relatives go by the worry they share.
        """
        scope, own, whom = self.substances, person.substances, self.membership
        takes_any = not scope or scope == frozenset(Substance)
        in_scope = True if takes_any else bool(scope & own) if own else None
        if whom.is_for_others_alone and not in_scope:
            in_scope = None
        return (
            MembershipDecision(
                rule=MembershipRule.SEEKS_HELP_FOR,
                admits=whom.admits_help_for(person.seeks_help_for),
            ),
            MembershipDecision(rule=MembershipRule.SUBSTANCES, admits=in_scope),
            MembershipDecision(
                rule=MembershipRule.IDENTITY,
                admits=whom.admits_identities(person.identities),
            ),
        )

    def includes(self, meeting: Meeting) -> bool:
        """Whether a meeting of some list is one of this group's.

        A variant's meetings are those of the wider group that carry its tags.
        """
        if meeting.group == self.id:
            return True
        return meeting.group == self.variant_of and self.variant_tags <= meeting.tags


def as_groups(groups: Iterable[Group] | Mapping[str, Group]) -> tuple[Group, ...]:
    """Take groups, or the values of a mapping, wherever groups are taken.

    Raises
    ------
    ValidationError
        Members that are no `Group`, each with its place.
    """
    given = to_tuple(groups.values() if isinstance(groups, Mapping) else groups)
    enforce(groups=each(instance(Group), tuple)(given))
    return given
