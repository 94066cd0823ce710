"""Groups: what a fellowship believes and does, and whom it is for."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated

from attrs import field, frozen

from mshg._checks import Broken, broken, each, enforce, instance, line, repeated
from mshg._conversions import in_order, to_float, to_mapping, to_strings, to_tuple
from mshg._fields import Line, Name, Rule, Share, Text, check, post_init, whole_within
from mshg._mappings import FrozenMapping
from mshg.domain.conversions import (
    to_concern,
    to_confidence,
    to_group_status,
    to_help_for,
    to_substances,
)
from mshg.domain.meetings import Meeting
from mshg.domain.people import Person
from mshg.domain.vocabulary import (
    Concern,
    Confidence,
    Dimension,
    GroupStatus,
    SeeksHelpFor,
    Substance,
)


@frozen(kw_only=True)
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

    position: Share = field(converter=to_float)
    salience: Share = field(converter=to_float)
    source: Text
    confidence: Confidence = field(converter=to_confidence)

    __attrs_post_init__ = post_init


@frozen(kw_only=True)
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
    """

    concern: Concern = field(converter=to_concern)
    statement: Line
    answer: Line
    source: Text
    confidence: Confidence = field(converter=to_confidence)

    __attrs_post_init__ = post_init


class MembershipRule(StrEnum):
    """A rule of a group that can close it to a person."""

    SUBSTANCES = "substances"
    SEEKS_HELP_FOR = "seeks_help_for"
    IDENTITY = "identity"


@frozen(kw_only=True, repr=False)
class MembershipDecision:
    """What one membership rule says of one person: admitted, closed, or unknown (None)."""

    rule: MembershipRule
    admits: bool | None

    def __repr__(self) -> str:
        return "MembershipDecision(…)"


@frozen(kw_only=True)
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

    seeks_help_for: frozenset[SeeksHelpFor] = field(default=frozenset(), converter=to_help_for)
    welcomes: frozenset[Line] = field(default=frozenset(), converter=to_strings)
    closed_to: frozenset[Text] = field(default=frozenset(), converter=to_strings)
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
        told, welcomes, closed_to = (
            {identity.casefold() for identity in some}
            for some in (identities, self.welcomes, self.closed_to)
        )
        if not welcomes or told & welcomes:
            return True
        return False if told & closed_to else None

    def admits_help_for(self, seeks_help_for: SeeksHelpFor | None) -> bool | None:
        """Whether the group is for this kind of help; own use is presumed where it is not known."""
        members = self.seeks_help_for or {SeeksHelpFor.OWN_USE}
        if (seeks_help_for or SeeksHelpFor.OWN_USE) in members:
            return True
        return None if seeks_help_for is None or not self.seeks_help_for else False


def _sources(value: Mapping[str, str]) -> FrozenMapping[str, str]:
    return to_mapping(value)


def _philosophy(value: Mapping[Dimension, Position]) -> FrozenMapping[Dimension, Position]:
    kept = to_mapping(value)
    return FrozenMapping(in_order(Dimension, kept)) if isinstance(kept, FrozenMapping) else kept


def _concerns(value: Iterable[ConcernAnswer]) -> tuple[ConcernAnswer, ...]:
    return to_tuple(value)


@frozen(kw_only=True)
class Group:
    """A mutual self-help fellowship. A fact without a source is None, never guessed.

    Parameters
    ----------
    id, name, short_name
        The id used everywhere, the full name, and the one used in sentences.
    family
        The lineage of its program (``twelve_step``, ``secular_sobriety``).
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
    website
        Address.
    summary, summary_for_provider, summary_for_family
        A few plain sentences each: for the person, for a clinician who refers, and for
        relatives and friends.
    concerns
        Common concerns and misconceptions with their answers, each concern once.
    sources
        For each fact by field name, what it rests on; the catalog's loader requires it.
    """

    id: Name
    name: Line
    philosophy: Mapping[Dimension, Position] = field(converter=_philosophy, repr=False)
    short_name: Annotated[str, Rule(line, "one line", {"minLength": 0})] = ""
    family: Name | None = None
    is_twelve_step: bool | None = None
    is_secular: bool | None = None
    derived_from: Name | None = None
    variant_of: Name | None = None
    variant_tags: frozenset[Name] = field(default=frozenset(), converter=to_strings)
    founded: Annotated[int, whole_within(1800, 2100)] | None = None
    status: GroupStatus = field(default=GroupStatus.ACTIVE, converter=to_group_status)
    substances: frozenset[Substance] = field(
        default=frozenset(), converter=to_substances, repr=False
    )
    membership: Membership = Membership()
    website: Text | None = None
    summary: Text | None = field(default=None, repr=False)
    summary_for_provider: Text | None = field(default=None, repr=False)
    summary_for_family: Text | None = field(default=None, repr=False)
    concerns: tuple[ConcernAnswer, ...] = field(default=(), converter=_concerns, repr=False)
    sources: Mapping[Text, Text] = field(factory=FrozenMapping, converter=_sources, repr=False)

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
        return repeated((answer.concern for answer in self.concerns), ".concern")

    def check_membership(self, person: Person) -> tuple[MembershipDecision, ...]:
        """Ask each membership rule about a person.

        What is not known of the person is answered by None and never closes a group.
        Without a known scope the group is taken to be for any substance.
        """
        scope, own = self.substances, person.substances
        takes_any = not scope or scope == frozenset(Substance)
        in_scope = True if takes_any else bool(scope & own) if own else None
        whom = self.membership
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
