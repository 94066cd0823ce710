"""Shortlists that a clinician would hand over, for people unlike each other.

``first``: the first option is one of these. ``shown``: each is an option; ``shown_any``: one of
them is. ``not_shown``, ``not_first``: none of these. ``unranked``: in no order, one of each kind.
``says`` and ``never_says``: parts of the text.
"""

import pytest
from shortlist_people import PEOPLE

from mshg import Experience, MeetingPreferences, Person, StanceProfile, catalog, fit

CATALOG = catalog.load()


def person_of(entry):
    facts = dict(entry["person"])
    facts["stances"] = StanceProfile.from_likert(entry["likert"])
    tried = facts.pop("experiences", ())
    facts["experiences"] = [Experience(group=g, how_it_was=how) for g, how in tried]
    facts["preferences"] = MeetingPreferences(**facts.pop("preferences", {}))
    return Person(id=entry["id"], **facts)


@pytest.mark.parametrize("entry", PEOPLE, ids=[entry["id"] for entry in PEOPLE])
def test_a_clinician_would_hand_it_over(entry):
    shortlist = fit.shortlist(person_of(entry), CATALOG)
    shown, text = [o.group for o in shortlist.options], shortlist.to_text()
    assert shown[0] in entry.get("first", shown)
    assert set(entry.get("shown", ())) <= set(shown)
    assert not set(entry.get("not_shown", ())) & set(shown)
    assert set(entry.get("shown_any", shown)) & set(shown)
    assert shown[0] not in entry.get("not_first", ())
    assert shortlist.is_unranked == entry.get("unranked", False)
    for said in entry.get("says", ()):
        assert said in text
    for unsaid in entry.get("never_says", ()):
        assert unsaid not in text
    for option in shortlist.options:
        assert option.reasons_for or option.kept_reason


def test_they_are_many_and_unlike_each_other():
    ids = [entry["id"] for entry in PEOPLE]
    assert len(set(ids)) == len(ids) >= 40
    assert len({repr((entry["person"], entry["likert"])) for entry in PEOPLE}) == len(ids)
