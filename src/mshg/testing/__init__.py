"""What hosts test their own programs with: Hypothesis strategies, and checks of event stores.

Needs the extra ``mshg[testing]``. Each strategy draws valid values of every shape; numbers stay in
everyday ranges.

>>> from hypothesis import given
>>> from mshg import testing
>>> @given(testing.people())
... def test_my_form_keeps_what_was_answered(person): ...
"""

from importlib.util import find_spec

from mshg.errors import MissingExtraError

if find_spec("hypothesis") is None:
    raise MissingExtraError("mshg.testing needs hypothesis; install mshg[testing]")

from mshg.testing.events import events, histories, person_states
from mshg.testing.stores import EVENT_STORE_CHECKS, StoreFactory
from mshg.testing.strategies import (
    availabilities,
    concern_answers,
    dealbreakers,
    experiences,
    focus_shares,
    group_cautions,
    groups,
    joins,
    likert_answers,
    meeting_preferences,
    meetings,
    memberships,
    pairing_requests,
    people,
    positions,
    recurrences,
    slots,
    stance_profiles,
    supporter_profiles,
    windows,
)

__all__ = [
    "EVENT_STORE_CHECKS",
    "StoreFactory",
    "availabilities",
    "concern_answers",
    "dealbreakers",
    "events",
    "experiences",
    "focus_shares",
    "group_cautions",
    "groups",
    "histories",
    "joins",
    "likert_answers",
    "meeting_preferences",
    "meetings",
    "memberships",
    "pairing_requests",
    "people",
    "person_states",
    "positions",
    "recurrences",
    "slots",
    "stance_profiles",
    "supporter_profiles",
    "windows",
]
