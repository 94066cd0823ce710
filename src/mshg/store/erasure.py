"""Taking one person out of what is told of others."""

import re
from enum import StrEnum
from typing import Any

from attrs import evolve, fields

from mshg.events import Event, ProviderActivity

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
        "from_group",
        "meeting",
        "instrument",
        "subscale",
        "unit",
    )
)


def redact_person(event: "Event", person_id: str) -> "Event | None":
    """Give an event without any mention of a person, or None where it is about them.

    A field that holds the person's id, or a text in which it stands as a word, says ``erased``
    there. Somebody else's longer id stays whole. Ids of events are left alone, so a host does not
    make them of people's ids.

    Examples
    --------
    >>> from datetime import datetime, UTC
    >>> from mshg.events import SupporterContact
    >>> from mshg.store import redact_person
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> contact = SupporterContact(id="e1", at=at, person_id="p1", supporter_id="p2")
    >>> redact_person(contact, "p2").supporter_id
    'erased'
    >>> redact_person(contact, "p1") is None
    True
    """
    about = event.provider_id if isinstance(event, ProviderActivity) else event.person_id
    if about == person_id:
        return None
    word = re.compile(rf"(?<!\w){re.escape(person_id)}(?!\w)")
    new: dict[str, Any] = {}
    for name in (f.name for f in fields(type(event)) if f.name not in _NO_PEOPLE):
        value = getattr(event, name)
        if not isinstance(value, str) or isinstance(value, StrEnum):
            continue
        if name.endswith("_id"):
            left = ERASED if value == person_id else value
        else:
            left = word.sub(ERASED, value)
        if left != value:
            new[name] = left
    return evolve(event, **new) if new else event
