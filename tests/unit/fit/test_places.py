"""Which rules keep a place, in their order, and what can be reached."""

import pytest
from attrs import evolve

from mshg import Experience, Person, StanceProfile, catalog, fit
from mshg.domain import Availability, FocusShare
from mshg.errors import ValidationError

CATALOG = catalog.load()
OPIOIDS = Person(id="1", substances=["opioids"], goal="abstinence", seeks_help_for="own_use")
NONE = Availability(in_person=0, online=0)


def shown(person, **options):
    return [o.group for o in fit.shortlist(person, CATALOG, **options).options]


def test_a_list_grows_rather_than_break_one_of_the_first_four():
    liked = [Experience(group=g, how_it_was="liked") for g in ("ca", "na", "lifering")]
    person = evolve(OPIOIDS, experiences=liked, chosen_group="smart", medication_for_addiction=True)
    near = dict.fromkeys(CATALOG, NONE) | {"recovery_dharma": Availability(in_person=1, online=0)}
    options = fit.shortlist(person, CATALOG, size=2, available=near).options
    rules = {o.group: o.kept_by for o in options}
    assert rules == {
        "smart": "chosen",
        "ca": "liked",
        "na": "liked",
        "lifering": "liked",
        "mara": "medication",
        "recovery_dharma": "reachable",
    }
    assert options[0].group == "smart"


def test_at_most_two_of_a_tradition_unless_far_ahead():
    believer = evolve(
        OPIOIDS, stances=StanceProfile(positions={"spirituality": 1, "mentorship": 1})
    )
    kinds = [CATALOG[g].tradition for g in shown(believer)]
    assert kinds.count("twelve_step") == 2
    no_margin = fit.FitParameters(tradition_margin=0)
    # CA is ahead of all other traditions, so nothing holds it back
    assert "ca" in shown(believer, parameters=no_margin) or "ca" in shown(believer, size=5)
    assert len(shown(believer, size=99)) == len(set(shown(believer, size=99)))


def test_groups_without_a_meeting_in_reach_say_so():
    near = dict.fromkeys(CATALOG, NONE) | {"smart": Availability(in_person=2, online=5)}
    options = fit.shortlist(OPIOIDS, CATALOG, available=near).options
    said = {o.group: (*o.cautions, *o.reasons_for) for o in options}
    assert "smart" in said
    for group, sentences in said.items():
        assert any("We found no" in s for s in sentences) == (group != "smart")
        assert any("2 in person, 5 online" in s for s in sentences) == (group == "smart")
    assert {o.reach for o in options if o.group != "smart"} == {0.0}
    with pytest.raises(ValidationError, match=r"\$\.available"):
        fit.shortlist(OPIOIDS, CATALOG, available={"aa": 3})


@pytest.mark.parametrize(
    ("facts", "group", "is_forward"),
    [
        ({}, "wfs", False),
        ({"identities": ["woman"]}, "wfs", True),
        ({}, "mara", False),
        ({"medication_for_addiction": True}, "mara", True),
        ({"medication_for_addiction": False}, "mara", False),
        ({}, "celebrate_recovery", False),
        ({"identities": ["Catholic"]}, "celebrate_recovery", True),
        ({"identities": ["muslim"]}, "celebrate_recovery", False),
        (
            {"stances": StanceProfile(positions={"christian_practice": 0.75})},
            "celebrate_recovery",
            True,
        ),
        ({}, "dra", False),
        ({"identities": ["bipolar"]}, "dra", True),
        ({"seeks_help_for": None}, "smart_family", False),
        ({"seeks_help_for": "someone_elses_use"}, "smart_family", True),
        ({"seeks_help_for": "someone_elses_use"}, "celebrate_recovery", False),
        ({"substances": ["nicotine"]}, "ca", False),
        ({"substances": ["nicotine", "cocaine"]}, "ca", True),
    ],
)
def test_who_comes_forward_for_whom(facts, group, is_forward):
    person = evolve(OPIOIDS, **facts)
    options = fit.option_mask([person], CATALOG)[0]
    assert options[list(CATALOG).index(group)] == is_forward


@pytest.mark.parametrize(
    ("goal", "answer", "is_forward"),
    [
        ("moderation", None, True),
        ("reduction", 3, True),
        ("moderation", 5, False),
        (None, 1, True),
        (None, 3, False),
        ("undecided", 2, True),
        ("abstinence", 1, False),
        (None, None, False),
    ],
)
def test_moderation_comes_forward_where_it_is_asked_for(goal, answer, is_forward):
    stances = StanceProfile.from_likert({} if answer is None else {"abstinence": answer})
    person = Person(
        id="1", substances=["alcohol"], goal=goal, stances=stances, seeks_help_for="own_use"
    )
    options = fit.option_mask([person], CATALOG)[0]
    assert options[list(CATALOG).index("mm")] == is_forward


def test_a_new_fellowship_with_the_same_focus_needs_no_other_rule():
    whole = FocusShare(share=1, source="x", confidence="judgment")
    heroin = evolve(
        CATALOG["na"],
        id="ha",
        name="Heroin",
        short_name="HA",
        focus={"opioids": whole},
        reach="few",
    )
    groups = CATALOG.with_groups(heroin)
    options = [o.group for o in fit.shortlist(OPIOIDS, groups).options]
    assert {"na", "ha"} <= set(options)
    assert "smart" in options or "lifering" in options


def test_those_who_are_mandated_are_reported_of_their_choice():
    notes = " ".join(fit.shortlist(evolve(OPIOIDS, is_mandated=True), CATALOG).notes)
    assert "a choice that is not religious" in notes
    for plain in (None, False):
        notes = " ".join(fit.shortlist(evolve(OPIOIDS, is_mandated=plain), CATALOG).notes)
        assert "not religious" not in notes
