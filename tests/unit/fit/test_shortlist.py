"""Who is shown, in which order, with what said."""

from itertools import pairwise

import numpy as np
import pytest
from attrs import evolve

from mshg import (
    Dealbreaker,
    Dimension,
    Experience,
    Group,
    Person,
    Position,
    StanceProfile,
    catalog,
    fit,
)
from mshg.domain import MembershipRule
from mshg.errors import UnknownGroupError, ValidationError

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


SKEPTIC = Person(
    id="1",
    stances=likert(spirituality=3, structure=5, mentorship=5, abstinence=5),
    substances=["opioids"],
    seeks_help_for="own_use",
    treatment="received",
)


def test_best_first_with_a_secular_one_in_the_last_place_where_belief_is_open():
    ranked = shown(SKEPTIC, size=len(CATALOG))
    assert not any(CATALOG[g].is_secular for g in ranked[:3])
    best_secular = next(g for g in ranked if CATALOG[g].is_secular)
    shortlist = fit.shortlist(SKEPTIC, CATALOG)
    assert shortlist.options[-1].group == best_secular
    assert shortlist.options[-1].kept_by is fit.PlaceRule.SECULAR
    assert shortlist.options[-1].kept_reason in shortlist.to_text()
    assert not any(CATALOG[g].is_secular for g in shown(BELIEVER))


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
    assert "sos" in {f.group for f in fit.score(BELIEVER, CATALOG)}
    assert fit.open_mask([BELIEVER], CATALOG)[0, list(CATALOG).index("sos")]


@pytest.mark.parametrize("size", [1, 0, -1, 2.5, True, None, "3"])
def test_a_choice_of_fewer_than_two_is_refused(size):
    with pytest.raises(ValidationError, match=r"\$\.size"):
        shown(BELIEVER, size=size)


def test_too_few_open_is_noted():
    person = Person(id="1", seeks_help_for="someone_elses_use")
    groups = [g for g in CATALOG.values() if not g.membership.is_for_others_alone]
    shortlist = fit.shortlist(person, groups)
    assert [o.group for o in shortlist.options] == ["celebrate_recovery"]  # no source says
    assert any("find out whether" in c for c in shortlist.options[0].cautions)
    notes = " ".join(shortlist.notes)
    assert "Fewer than two" in notes
    assert "No non-religious group" in notes
    assert len(shortlist.excluded) == len(groups) - 1


def test_close_calls_are_those_within_a_hundredth_of_the_next_better():
    nothing_reported = fit.shortlist(Person(id="1"), CATALOG)
    assert not any(o.is_close_call for o in nothing_reported.options)  # they are in no order
    options = fit.shortlist(BELIEVER, CATALOG, size=6).options
    for above, below in pairwise(options[:5]):
        assert below.is_close_call == (above.rank - below.rank <= 0.01)


def test_a_chosen_group_changes_no_other_close_call():
    plain = {o.group: o.is_close_call for o in fit.shortlist(BELIEVER, CATALOG, size=99).options}
    moved = fit.shortlist(evolve(BELIEVER, chosen_group="hams"), CATALOG, size=99)
    assert {o.group: o.is_close_call for o in moved.options} == plain


def test_reasons_speak_of_the_persons_own_answers():
    first = fit.shortlist(Person(id="1", stances=likert(method=5)), CATALOG).options[0]
    assert first.group == "smart"
    assert first.reasons_for == (
        "You want skills to practice; SMART meetings are built around skills and tools.",
        "SMART meets in many places in the United States.",
    )


def test_a_goal_that_was_not_an_answer_is_reported_as_a_goal():
    shortlist = fit.shortlist(Person(id="1", goal="moderation"), CATALOG, size=99)
    reasons = " ".join(r for o in shortlist.options for r in o.reasons_for + o.reasons_against)
    assert "Your goal is moderation" in reasons
    assert "You want any positive change" not in reasons
    assert shortlist.coverage == pytest.approx(1 / 12)


def test_formal_treatment_is_asked_about_and_advised_before_the_list():
    def text(treatment):
        return fit.shortlist(Person(id="1", treatment=treatment), CATALOG).to_text()

    asked, advised = text(None), text("not_offered")
    assert asked.index("Have you had formal treatment") < asked.index("- ")
    assert advised.index("No one has offered") < advised.index("- ")
    for other in ("refused", "cannot_afford"):
        assert "a group is still open to you" in text(other) or "is still open to you" in text(
            other
        )
    for other in ("received", "in_progress"):
        assert "reatment" not in text(other)


def test_no_importance_leaves_the_order_of_the_list_and_a_note():
    stances = StanceProfile(importance=dict.fromkeys(Dimension, 0))
    shortlist = fit.shortlist(Person(id="1", stances=stances), CATALOG)
    assert [o.group for o in shortlist.options] == ["aa", "smart", "lifering"]
    drinks = fit.shortlist(Person(id="1", stances=stances, substances=["alcohol"]), CATALOG)
    assert drinks.options[0].group == "aa"
    assert not drinks.is_unranked
    assert any("any importance" in note for note in shortlist.notes)
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
    ids = [f.group for f in fit.score(BELIEVER, iter(CATALOG.values()))]
    assert ids == list(CATALOG)
    assert [f.group for f in fit.score(BELIEVER, CATALOG)] == ids
    with pytest.raises(ValidationError, match=r"groups\[0\]"):
        fit.score(BELIEVER, ["aa"])
    with pytest.raises(ValidationError, match="two groups"):
        fit.score(BELIEVER, [CATALOG["aa"], CATALOG["aa"]])
    with pytest.raises(ValidationError, match="empty"):
        fit.score(BELIEVER, [])
    with pytest.raises(ValidationError, match=r"\$\.groups"):
        fit.score(BELIEVER, 5)


@pytest.mark.parametrize(("name", "value"), [("wording", "de"), ("active", "sos"), ("active", 5)])
def test_what_is_no_wording_or_no_list_is_refused(name, value):
    with pytest.raises(ValidationError, match=rf"\$\.{name}"):
        fit.shortlist(BELIEVER, CATALOG, **{name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [("neutral", 0.7), ("neutral", 1.1), ("tie", -1), ("close_call", float("nan"))],
)
def test_parameters_have_bounds(name, value):
    with pytest.raises(ValidationError, match=rf"\$\.{name}"):
        fit.FitParameters(**{name: value})


def test_parameters_change_what_they_name():
    many = fit.FitParameters(reasons_shown=1, close_call=0)
    person = Person(id="1", stances=likert(method=5, leadership=5, agency=5))
    options = fit.shortlist(person, CATALOG, parameters=many).options
    said = [[r for r in o.reasons_for if r.startswith("You want")] for o in options]
    assert all(len(reasons) <= 1 for reasons in said)
    assert not any(o.is_close_call for o in options)
    assert np.isclose(fit.score(Person(id="1"), CATALOG, parameters=fit.FitParameters(neutral=0.8))[0].score, 0.8)  # fmt: skip  # noqa: E501


def test_a_middling_group_is_no_reason_for_ones_own_end():
    shortlist = fit.shortlist(Person(id="1", stances=likert(structure=5)), CATALOG, size=99)
    stated = {o.group: o.reasons_for for o in shortlist.options}
    assert stated["aa"][0] == (
        "You want a set program to follow; AA has a set program, worked in order."
    )
    assert stated["recovery_dharma"] == ()


def test_an_answer_for_abstinence_outweighs_another_goal():
    person = Person(id="1", goal="moderation", stances=likert(abstinence=5))
    shortlist = fit.shortlist(person, CATALOG, size=99)
    cautions = {o.group: o.cautions for o in shortlist.options}
    assert not any("your goal is another" in c for c in cautions["na"])


def test_a_group_built_around_medication_says_so_to_those_who_take_none():
    person = Person(id="1", medication_for_addiction=False)
    shortlist = fit.shortlist(person, CATALOG, size=99)
    stated = {
        o.group for o in shortlist.options if any("built for people" in c for c in o.cautions)
    }
    assert stated == {"mara"}


def test_options_say_where_to_read_more():
    option = fit.shortlist(Person(id="1", stances=likert(method=5)), CATALOG).options[0]
    assert option.website == CATALOG["smart"].website
    assert f"More: {option.website}" in fit.shortlist(BELIEVER, [CATALOG["smart"]]).to_text()


def test_every_membership_rule_can_exclude():
    assert set(MembershipRule) <= set(fit.ExclusionRule)


def test_own_use_is_presumed_and_family_groups_stand_last():
    """Open, as nothing is known against them, but behind every group for one's own use."""
    for stances in (likert(leadership=5, method=5), StanceProfile()):
        ranked = shown(Person(id="1", stances=stances), size=99)
        behind = [g for g in ranked if fit.option_mask([Person(id="1")], [CATALOG[g]])[0, 0]]
        assert min(map(ranked.index, ("al_anon", "smart_family"))) > ranked.index("lifering")
        assert len(behind) == len(ranked)  # alone, each is an option
    why = fit.shortlist(Person(id="1"), CATALOG).why_not("al_anon")
    assert why.reason.startswith("Al-Anon is for people who seek help for someone else's use.")
    assert (why.by, why.dimensions, why.set_behind) == (None, (), fit.SetBehind.RELATIVES)
    stated = Person(id="1", seeks_help_for="someone_elses_use")
    assert set(shown(stated)) == {"al_anon", "smart_family", "celebrate_recovery"}
    family = [CATALOG["al_anon"], CATALOG["smart_family"]]
    assert len(fit.shortlist(Person(id="1"), family).options) == 2


def test_why_not():
    person = Person(
        id="1",
        stances=likert(spirituality=1, abstinence=5, method=4),
        substances=["opioids"],
        seeks_help_for="own_use",
    )
    shortlist = fit.shortlist(person, CATALOG)
    assert shortlist.why_not("aa").rules == (fit.ExclusionRule.SUBSTANCES,)
    assert shortlist.why_not("al_anon").rules == (fit.ExclusionRule.SEEKS_HELP_FOR,)
    last = shortlist.options[-1]
    assert shortlist.why_not(last.group) is None
    behind = shortlist.why_not("ca")
    assert behind.by == last.group
    parts = {f.group: f.contributions for f in fit.score(person, CATALOG)}
    leads = [parts[last.group][d] - parts["ca"][d] for d in behind.dimensions]
    assert leads == sorted(leads, reverse=True)
    assert min(leads) > 0
    assert behind.dimensions[0] == "spirituality"
    assert behind.parts[0] is fit.RankPart.FIT
    assert "mostly on a higher power" in behind.reason
    with pytest.raises(UnknownGroupError):
        shortlist.why_not("bb")
    stated = [e.group for e in (*shortlist.excluded, *shortlist.not_shown)]
    assert sorted([*stated, *(o.group for o in shortlist.options)]) == sorted(CATALOG)


def test_why_not_where_a_place_is_kept():
    ranked = shown(SKEPTIC, size=len(CATALOG))
    plain = shown(SKEPTIC)
    kept = fit.shortlist(SKEPTIC, CATALOG).why_not(ranked[2])
    assert (ranked[2] in plain, kept.by) == (False, ranked[1])
    assert kept.reason.endswith("One place is kept for a non-religious group.")
    chosen = fit.shortlist(evolve(SKEPTIC, chosen_group="mara"), CATALOG, size=3)
    best = chosen.why_not(ranked[1])
    assert best.by == ranked[0]
    assert "One place is kept for the group you chose." in best.reason
    assert best.reason.endswith("One place is kept for a non-religious group.")


def test_why_not_where_nothing_speaks_for_it_or_its_kind_is_shown():
    person = Person(id="1", substances=["cocaine"], goal="abstinence", seeks_help_for="own_use")
    why = fit.shortlist(evolve(person, stances=likert(spirituality=5)), CATALOG)
    reasons = {n.group: n.reason for n in why.not_shown}
    assert any("same kind are listed already" in r or "comes after" in r for r in reasons.values())
    nothing = Person(id="1", substances=["benzodiazepines"], goal="reduction")
    unsaid = fit.shortlist(evolve(nothing, stances=likert(spirituality=5, method=1)), CATALOG)
    assert unsaid.why_not("lifering").reason


def test_what_is_certain_is_reported_over_open_groups_by_rank_alone():
    stances = StanceProfile(
        positions={d: p.position for d, p in CATALOG["smart"].philosophy.items()}
    )
    person = Person(id="1", stances=stances, seeks_help_for="own_use", chosen_group="aa")
    shortlist = fit.shortlist(person, CATALOG)
    assert shortlist.certainly_first == "smart"
    assert shortlist.certain[0] == "smart"
    assert len(shortlist.certain) == 3
    assert shortlist.next_question is None
    assert "will still rank first" not in shortlist.to_text()  # nothing is open
    half = StanceProfile(positions=dict(stances.positions) | {"contemplation": 0})
    left = {d: p for d, p in half.positions.items() if d != "christian_practice"}
    talk = fit.shortlist(evolve(person, stances=StanceProfile(positions=left)), CATALOG)
    assert talk.certainly_first == "smart"
    assert "However you answer the remaining questions, SMART will still rank" in talk.to_text()
    limit = Dealbreaker(dimension="method", at_most=0.9)
    barred = fit.shortlist(evolve(person, dealbreakers=[limit]), CATALOG)
    assert barred.certainly_first not in (None, "smart")
    assert "smart" not in barred.certain


def test_nothing_reported_is_nothing_certain():
    shortlist = fit.shortlist(Person(id="1"), CATALOG)
    assert (shortlist.certainly_first, shortlist.certain) == (None, ())
    assert shortlist.counterfactual is None
    assert shortlist.next_question is not None
    declined = StanceProfile(declined=Dimension)
    assert fit.shortlist(Person(id="1", stances=declined), CATALOG).next_question is None


def test_what_would_change_is_said_on_the_scale_of_five():
    person = Person(id="1", stances=likert(spirituality=1, abstinence=5))
    shortlist = fit.shortlist(person, CATALOG)
    change = shortlist.counterfactual
    answers = {
        "spirituality": 1,
        "abstinence": 5,
        change.dimension: 1 + round(4 * change.to_position),
    }
    then = evolve(person, stances=StanceProfile.from_likert(answers))
    assert shown(then, size=2)[0] == change.group != shortlist.options[0].group
    assert change.from_position == person.stances.positions[change.dimension]
    assert f"{1 + round(4 * change.to_position)} of 5" in shortlist.to_text()


@pytest.mark.parametrize(
    ("how", "word"),
    [
        ("disliked", "did not like it"),
        ("mixed", "good and bad"),
        ("liked", "and liked it"),
        (None, "How was it?"),
    ],
)
def test_what_was_tried_is_never_passed_over(how, word):
    tried = Experience(group="celebrate_recovery", how_it_was=how)
    person = evolve(BELIEVER, experiences=[tried])
    options = fit.shortlist(person, CATALOG, size=99).options
    said = {o.group: " ".join((*o.cautions, *o.reasons_for)) for o in options}
    assert set(said) == set(shown(BELIEVER, size=99))  # nothing is removed by it
    assert [g for g, stated in said.items() if word in stated] == ["celebrate_recovery"]


def test_what_was_disliked_is_reported_of_its_kin_as_well():
    tried = [Experience(group="aa", how_it_was="disliked"), Experience(group="bb")]
    options = fit.shortlist(evolve(BELIEVER, experiences=tried), CATALOG, size=99).options
    kin = [o.group for o in options if any("shares meetings" in c for c in o.cautions)]
    assert kin == ["aa_secular"]
    tried = [Experience(group="aa_secular", how_it_was="disliked")]
    options = fit.shortlist(evolve(BELIEVER, experiences=tried), CATALOG, size=99).options
    kin = [o.group for o in options if any("shares meetings" in c for c in o.cautions)]
    assert kin == ["aa"]


def test_a_shortlist_answers_the_persons_concerns():
    person = evolve(BELIEVER, concerns=["religion", "sponsor", "pressure", "substances"])
    shortlist = fit.shortlist(person, CATALOG, size=99)
    text = shortlist.to_text()
    options = {o.group: o for o in shortlist.options}
    for group_id, option in options.items():
        asked = [
            a
            for a in CATALOG.concerns(group_id)
            if a.concern in person.concerns
            and (a.concern != "religion" or a.direction == "too_little")
        ]
        assert list(option.answers) == asked
        for answer in asked:
            assert text.count(answer.answer) == 1  # what holds for several is said once
    assert "On needing a sponsor: SMART has no sponsors." in options["smart"].cautions
    assert any(
        "On needing a sponsor, we couldn't find an answer" in c for c in options["wfs"].cautions
    )
    assert any("On religion: NA builds on a higher power" in c for c in options["na"].cautions)
    assert "sponsor" not in fit.shortlist(BELIEVER, [CATALOG["smart"]]).to_text()


def test_an_answer_that_holds_for_two_options_is_said_once():
    shortlist = fit.shortlist(evolve(BELIEVER, concerns=["pressure"]), CATALOG, size=2)
    (answer,), same = (o.answers for o in shortlist.options)
    assert same == (answer,)
    assert shortlist.to_text().count(answer.answer) == 1


def test_what_is_on_a_shortlist_is_in_its_dictionary():
    person = evolve(BELIEVER, concerns=["religion"])
    stated = fit.shortlist(person, CATALOG).to_dict()
    (aa,) = (o for o in stated["options"] if o["group"] == "aa")
    assert aa["answers"][0]["concern"] == "religion"
    assert stated["counterfactual"].keys() == {"dimension", "from_position", "to_position", "group"}
    assert stated["next_question"] in list(Dimension)
    assert {o["group"] for o in stated["not_shown"]} <= set(CATALOG)


@pytest.mark.parametrize(
    ("answers", "concern", "statement", "is_said"),
    [
        ({"identity_label": 1}, "labels", "In NA I would have to call myself an addict.", True),
        ({"identity_label": 5}, "labels", "In NA I would have to call myself an addict.", False),
        ({"spirituality": 1}, "religion", "I have to believe in God for NA.", True),
        ({"spirituality": 5}, "religion", "I have to believe in God for NA.", False),
        ({"spirituality": 3}, "religion", "I have to believe in God for NA.", False),
        ({"spirituality": 5}, "religion", "SMART is no place for me if I am religious.", True),
        ({"spirituality": 1}, "religion", "SMART is no place for me if I am religious.", False),
    ],
)
def test_a_concern_is_answered_by_its_direction(answers, concern, statement, is_said):
    person = evolve(SKEPTIC, stances=likert(**answers), concerns=[concern])
    shortlist = fit.shortlist(person, CATALOG, size=99)
    said = {a.statement for o in shortlist.options for a in o.answers}
    assert (statement in said) == is_said
    assert any("too much of it" in n for n in shortlist.notes) == (answers == {"spirituality": 3})


def test_a_relative_does_not_read_which_substance_a_group_is_for():
    """To somebody whom it isn't for, what a group's members use is no further reason."""
    relative = Person(id="1", substances=["opioids"], seeks_help_for="someone_elses_use")
    left_out = {e.group: e for e in fit.shortlist(relative, CATALOG).excluded}
    assert left_out["aa"].rules == ("seeks_help_for", "substances")
    assert left_out["aa"].reason == "AA is for people who seek help for their own use."
    own = Person(id="1", substances=["opioids"], seeks_help_for="own_use")
    (reason,) = (e.reason for e in fit.shortlist(own, CATALOG).excluded if e.group == "aa")
    assert reason == "AA focuses on alcohol, which you didn't list."
