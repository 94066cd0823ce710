"""Taking one person out of what is recorded of others."""

import re
from enum import StrEnum
from typing import Any, NamedTuple

from attrs import evolve, fields

from mshg.events import Event, ProviderActivity
from mshg.store.names import Name, replaced

ERASED = "erased"
"""What stands where somebody was named."""

# Ids of events and names of groups and meetings are no names of people.
_NO_PEOPLE = frozenset(
    (
        "id",
        "person_id",
        "event_id",
        "goal_id",
        "plan_id",
        "referral_id",
        "group",
        "groups",
        "from_group",
        "meeting",
        "instrument",
        "subscale",
        "unit",
    )
)


class Redaction(NamedTuple):
    """An event without any mention of a person; None where it is about them."""

    event: Event | None
    replaced: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    """Names of fields in which a word only looks like the name."""


def redact_person(event: "Event", person_id: str) -> "Event | None":
    """Give an event without any mention of a person, or None where it is about them.

    A field that holds the person's id, or a text in which it stands, says ``erased`` there.
    Somebody else's longer id stays whole. Ids of events are left alone, so a host does not make
    them of people's ids.

    A name is found in upper and lower case, in each form that Unicode has for its letters, and
    with the endings that grammar gives it (``Kims``, ``Ayşeyle``, ``Annalle``); in scripts that
    put no space between words, within them. An id that holds a digit or an underscore, or that
    has no more than two letters, is found as it is written and as a word only.

    Examples
    --------
    >>> from datetime import datetime, UTC
    >>> from mshg.events import GoalSet, SupporterContact
    >>> from mshg.store import redact_person
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> contact = SupporterContact(id="e1", at=at, person_id="p1", supporter_id="p2")
    >>> redact_person(contact, "p2").supporter_id
    'erased'
    >>> redact_person(contact, "p1") is None
    True
    >>> goal = GoalSet(id="e2", at=at, person_id="p1", description="김철수가 온다")
    >>> redact_person(goal, "김철수").description
    'erased가 온다'
    """
    return redaction(event, person_id, Name(person_id)).event


def redaction(event: Event, person_id: str, name: Name) -> Redaction:
    """The same, with the fields that were changed and those that only look like the name."""
    about = event.provider_id if isinstance(event, ProviderActivity) else event.person_id
    if about == person_id:
        return Redaction(None)
    new: dict[str, Any] = {}
    alike = []
    for field in (f.name for f in fields(type(event)) if f.name not in _NO_PEOPLE):
        value = getattr(event, field)
        if not isinstance(value, str) or isinstance(value, StrEnum):
            continue
        if field.endswith("_id"):
            if value == person_id:
                new[field] = ERASED
            continue
        found = name.within(value)
        if found.spans:
            new[field] = replaced(value, found.spans, ERASED)
        if found.is_alike:
            alike.append(field)
    left = evolve(event, **new) if new else event
    return Redaction(left, tuple(new), tuple(alike))


def is_same_record(kept: "Event", sent: "Event") -> bool:
    """Whether an event that is sent again is the one that is kept.

    When it was recorded does not matter, nor what was said of somebody who was erased since.

    Examples
    --------
    >>> from datetime import datetime, UTC
    >>> from mshg.events import SupporterContact
    >>> from mshg.store import is_same_record, redact_person
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> sent = SupporterContact(id="e1", at=at, person_id="p1", supporter_id="p2", recorded_at=at)
    >>> is_same_record(redact_person(sent, "p2"), sent)
    True
    """
    if type(kept) is not type(sent):
        return False
    return all(
        _is_same(key(getattr(kept, f.name)), key(getattr(sent, f.name)))
        for f in fields(type(kept))
        if f.name != "recorded_at"
        for key in (f.eq_key or _itself,)  # moments are compared with their offsets
    )


def _itself(value: object) -> object:
    return value


def _is_same(kept: object, sent: object) -> bool:
    """Whether a field is the same, or was when it was kept: ``erased`` may stand for anybody."""
    if kept == sent:
        return True
    if not isinstance(kept, str) or not isinstance(sent, str) or ERASED not in kept:
        return False
    return re.fullmatch(".+?".join(map(re.escape, kept.split(ERASED))), sent, re.DOTALL) is not None
