"""Who is shown, in which order, with what said."""

from itertools import pairwise

import numpy as np
import pytest
from attrs import evolve

from mshg import Dealbreaker, Dimension, Group, Person, Position, StanceProfile, catalog, fit
from mshg.domain import MembershipRule
from mshg.errors import BatchError, UnknownGroupError

CATALOG = catalog.load()


def shown(person, **options):
    return [o.group for o in fit.shortlist(person, CATALOG, **options).options]


def excluded(person, **options):
    return {e.group: e for e in fit.shortlist(person, CATALOG, **options).excluded}


def likert(**answers):
    return StanceProfile.from_likert(answers)


BELIEVER = Person(
    id="1",
    stances=likert(spirituality=5, christian_practice=5, structure=5),
    seeks_help_for="own_use",
    treatment="received",
)


def test_best_first_with_a_secular_one_in_the_last_place():
    ranked = shown(BELIEVER, size=len(CATALOG))
    assert ranked[0] == "celebrate_recovery"
    assert not any(CATALOG[g].is_secular for g in ranked[:3])
    best_secular = next(g for g in ranked if CATALOG[g].is_secular)
    assert shown(BELIEVER) == [*ranked[:2], best_secular]


def test_a_chosen_group_stands_first_and_says_so():
    person = evolve(BELIEVER, chosen_group="hams")
    shortlist = fit.shortlist(person, CATALOG)
    assert [o.is_chosen for o in shortlist.options] == [True, False, False]
    assert shortlist.options[0].group == "hams"
    assert "your choice" in shortlist.to_text()


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({"substances": ["opioids"], "chosen_group": "aa"}, "alcohol"),
        ({"identities": ["man"], "chosen_group": "wfs"}, "is for women aged 18"),
        (
            {
                "dealbreakers": [Dealbreaker(dimension="spirituality", at_most=0.2)],
                "chosen_group": "aa",
            },
            "limit on a higher power",
        ),
        ({"chosen_group": "sos"}, "may not hold meetings"),
    ],
)
def test_a_chosen_group_stands_first_whatever_speaks_against_it(facts, word):
    shortlist = fit.shortlist(evolve(BELIEVER, **facts), CATALOG)
    first = shortlist.options[0]
    assert first.group == facts["chosen_group"]
    assert first.is_chosen
    assert any(word in caution for caution in first.cautions)
    assert first.group not in {e.group for e in shortlist.excluded}


def test_a_chosen_group_that_is_not_known_is_noted_and_not_named():
    shortlist = fit.shortlist(evolve(BELIEVER, chosen_group="unheard_of"), CATALOG)
    assert any("not among those we know" in note for note in shortlist.notes)
    assert "unheard_of" not in shortlist.to_text()


def test_dealbreakers_remove_with_their_reason():
    limit = Dealbreaker(dimension="mentorship", at_least=0.4)
    out = excluded(evolve(BELIEVER, dealbreakers=[limit]))
    assert out["smart"].rules == (fit.ExclusionRule.DEALBREAKER,)
    assert "one-to-one mentors" in out["smart"].reason
    assert "aa" not in out


def test_a_silent_group_breaks_no_dealbreaker_and_is_cautioned():
    limit = Dealbreaker(dimension="medication", at_least=0.9)
    shortlist = fit.shortlist(evolve(BELIEVER, dealbreakers=[limit]), CATALOG, size=len(CATALOG))
    cautions = {o.group: " ".join(o.cautions) for o in shortlist.options}
    assert CATALOG["ca"].philosophy[Dimension.MEDICATION].salience == 0
    assert "takes no position" in cautions["ca"]
    assert "aa" in {e.group for e in shortlist.excluded}


def test_a_historical_group_is_no_option_unless_active():
    assert excluded(BELIEVER)["sos"].rules == (fit.ExclusionRule.HISTORICAL,)
    options = fit.shortlist(BELIEVER, CATALOG, size=99, active=["sos"]).options
    (sos,) = (o for o in options if o.group == "sos")
    assert not any("any more" in c for c in sos.cautions)
    with pytest.raises(UnknownGroupError):
        shown(BELIEVER, active=["soss"])


def test_a_historical_group_is_scored():
    assert "sos" in {f.group for f in fit.assess(BELIEVER, CATALOG)}
    assert fit.open_mask([BELIEVER], CATALOG).all()


@pytest.mark.parametrize("size", [1, 0, -1, 2.5, True, None, "3"])
def test_a_choice_of_fewer_than_two_is_refused(size):
    with pytest.raises(BatchError, match=r"\$\.size"):
        shown(BELIEVER, size=size)


def test_too_few_open_is_noted():
    person = Person(id="1", seeks_help_for="someone_elses_use")
    shortlist = fit.shortlist(person, CATALOG)
    assert [o.group for o in shortlist.options] == ["celebrate_recovery"]  # no source says
    assert any("check that this is you" in c for c in shortlist.options[0].cautions)
    notes = " ".join(shortlist.notes)
    assert "Fewer than two" in notes
    assert "No secular group" in notes
    assert len(shortlist.excluded) == len(CATALOG) - 1


def test_close_calls_are_those_within_a_hundredth_of_the_next_better():
    nothing_told = fit.shortlist(Person(id="1"), CATALOG)
    assert [o.is_close_call for o in nothing_told.options] == [False, True, True]
    options = fit.shortlist(BELIEVER, CATALOG, size=6).options
    for above, below in pairwise(options[:5]):
        assert below.is_close_call == (above.score - below.score <= 0.01)


def test_a_chosen_group_changes_no_other_close_call():
    plain = {o.group: o.is_close_call for o in fit.shortlist(BELIEVER, CATALOG, size=12).options}
    moved = fit.shortlist(evolve(BELIEVER, chosen_group="hams"), CATALOG, size=12)
    assert {o.group: o.is_close_call for o in moved.options} == plain


def test_reasons_speak_of_the_persons_own_answers():
    first = fit.shortlist(Person(id="1", stances=likert(method=5)), CATALOG).options[0]
    assert first.group == "smart"
    assert first.reasons_for == (
        "You want skills to practice; SMART meetings are built around skills and tools.",
    )


def test_a_goal_that_was_not_an_answer_is_told_as_a_goal():
    shortlist = fit.shortlist(Person(id="1", goal="moderation"), CATALOG, size=12)
    reasons = " ".join(r for o in shortlist.options for r in o.reasons_for + o.reasons_against)
    assert "Your goal is moderation" in reasons
    assert "You want any positive change" not in reasons
    assert shortlist.coverage == pytest.approx(1 / 12)


def test_formal_treatment_is_asked_about_and_advised_before_the_list():
    def text(treatment):
        return fit.shortlist(Person(id="1", treatment=treatment), CATALOG).to_text()

    asked, advised = text(None), text("not_offered")
    assert asked.index("Have you had formal treatment") < asked.index("1. ")
    assert advised.index("not been offered") < advised.index("1. ")
    for other in ("received", "in_progress", "refused", "cannot_afford"):
        assert "ormal treatment" not in text(other)


def test_no_importance_leaves_the_order_of_the_list_and_a_note():
    stances = StanceProfile(importance=dict.fromkeys(Dimension, 0))
    shortlist = fit.shortlist(Person(id="1", stances=stances), CATALOG)
    assert [o.group for o in shortlist.options] == ["aa", "aa_secular", "ca"]
    assert any("no importance" in note for note in shortlist.notes)
    assert shortlist.to_dict()["options"][0]["score"] is None
    assert shortlist.to_dict()["coverage"] is None


def test_html_escapes_what_it_shows():
    silent = Position(position=0.5, salience=0, source="x", confidence="judgment")
    group = Group(
        id="x", name="<script>alert('x')</script>", philosophy=dict.fromkeys(Dimension, silent)
    )
    html = fit.shortlist(Person(id="1"), CATALOG.with_groups(group), size=99)._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_groups_are_taken_from_any_iterable_or_a_mappings_values():
    ids = [f.group for f in fit.assess(BELIEVER, iter(CATALOG.values()))]
    assert ids == list(CATALOG)
    assert [f.group for f in fit.assess(BELIEVER, CATALOG)] == ids
    with pytest.raises(BatchError, match=r"groups\[0\]"):
        fit.assess(BELIEVER, ["aa"])
    with pytest.raises(BatchError, match="two groups"):
        fit.assess(BELIEVER, [CATALOG["aa"], CATALOG["aa"]])
    with pytest.raises(BatchError, match="empty"):
        fit.assess(BELIEVER, [])
    with pytest.raises(BatchError, match=r"\$\.groups"):
        fit.assess(BELIEVER, 5)


@pytest.mark.parametrize(("name", "value"), [("wording", "de"), ("active", "sos"), ("active", 5)])
def test_what_is_no_wording_or_no_list_is_refused(name, value):
    with pytest.raises(BatchError, match=rf"\$\.{name}"):
        fit.shortlist(BELIEVER, CATALOG, **{name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [("neutral", 0.7), ("neutral", 1.1), ("tie", -1), ("close_call", float("nan"))],
)
def test_parameters_have_bounds(name, value):
    with pytest.raises(BatchError, match=rf"\$\.{name}"):
        fit.FitParameters(**{name: value})


def test_parameters_change_what_they_name():
    many = fit.FitParameters(reasons_shown=1, close_call=0)
    person = Person(id="1", stances=likert(method=5, leadership=5, agency=5))
    options = fit.shortlist(person, CATALOG, parameters=many).options
    assert all(len(o.reasons_for) <= 1 for o in options)
    assert not any(o.is_close_call for o in options)
    assert np.isclose(fit.assess(Person(id="1"), CATALOG, parameters=fit.FitParameters(neutral=0.8))[0].score, 0.8)  # fmt: skip  # noqa: E501


def test_a_middling_group_is_no_reason_for_ones_own_end():
    shortlist = fit.shortlist(Person(id="1", stances=likert(structure=5)), CATALOG, size=12)
    told = {o.group: o.reasons_for for o in shortlist.options}
    assert told["aa"] == (
        "You want a set program to follow; AA has a set program, worked in order.",
    )
    assert told["recovery_dharma"] == ()


def test_an_answer_for_abstinence_outweighs_another_goal():
    person = Person(id="1", goal="moderation", stances=likert(abstinence=5))
    shortlist = fit.shortlist(person, CATALOG, size=12)
    cautions = {o.group: o.cautions for o in shortlist.options}
    assert not any("your goal is another" in c for c in cautions["na"])


def test_a_group_built_around_medication_says_so_to_those_who_take_none():
    person = Person(id="1", medication_for_addiction=False)
    shortlist = fit.shortlist(person, CATALOG, size=12)
    told = {o.group for o in shortlist.options if any("built for people" in c for c in o.cautions)}
    assert told == {"mara"}


def test_options_say_where_to_read_more():
    option = fit.shortlist(Person(id="1", stances=likert(method=5)), CATALOG).options[0]
    assert option.website == CATALOG["smart"].website
    assert f"More: {option.website}" in fit.shortlist(BELIEVER, [CATALOG["smart"]]).to_text()


def test_every_membership_rule_can_exclude():
    assert set(MembershipRule) <= set(fit.ExclusionRule)
