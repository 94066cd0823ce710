"""Findings of published studies that the shipped catalog must reproduce, as directions."""

import pytest

from mshg import Person, StanceProfile, Substance, catalog, fit

CATALOG = catalog.load()
TWELVE_STEP = [g for g in CATALOG if CATALOG[g].is_twelve_step and not CATALOG[g].is_secular]
SECULAR = [g for g in CATALOG if CATALOG[g].is_secular]


def scores(**answers):
    person = Person(id="1", stances=StanceProfile(positions=answers))
    return {f.group: f.score for f in fit.score(person, CATALOG)}


def test_strong_belief_goes_with_twelve_step_groups():
    """Atkins & Hawdon 2007: the religious take part more in 12-step groups, less in SOS."""
    found = scores(spirituality=1)
    for group in {*TWELVE_STEP, "celebrate_recovery", "aa", "na", "ca"}:
        assert found[group] > found["sos"]


def test_no_belief_goes_with_secular_groups():
    """Atkins & Hawdon 2007; Tonigan, Miller & Schermer 2002: the non-religious attend AA less."""
    found = scores(spirituality=0)
    assert min(found[g] for g in SECULAR) > max(found[g] for g in TWELVE_STEP)


@pytest.mark.parametrize("other", ["sos", "aa"])
@pytest.mark.parametrize("dimensions", [["spirituality"], ["spirituality", "christian_practice"]])
def test_belief_moves_smart_little(other, dimensions):
    """Atkins & Hawdon 2007: religiosity had little effect on taking part in SMART."""
    with_belief, without = (scores(**dict.fromkeys(dimensions, x)) for x in (1, 0))
    assert abs(with_belief["smart"] - without["smart"]) < abs(with_belief[other] - without[other])


def test_belief_goes_with_women_for_sobriety():
    """Atkins & Hawdon 2007: religious respondents took part more in WFS as well as in 12-step."""
    assert scores(spirituality=1)["wfs"] > scores(spirituality=0)["wfs"]


@pytest.mark.parametrize("stances", [{}, {"spirituality": 0.75}, {"agency": 0.25}])
def test_moderation_goal_for_alcohol_alone(stances):
    """Zemore 2017: alternatives suit low commitment to abstinence; their profiles say which.

    It holds where little else was answered: twelve answers weigh more than one goal.
    """
    person = Person(
        id="1",
        goal="moderation",
        substances=[Substance.ALCOHOL],
        stances=StanceProfile(positions=stances),
    )
    shortlist = fit.shortlist(person, CATALOG, size=len(CATALOG))
    assert {o.group for o in shortlist.options[:2]} & {"mm", "hams"}
    assert shortlist.options[0].group in {"mm", "hams"}
    cautions = {o.group: " ".join(o.cautions) for o in shortlist.options}
    assert all("dependence" in cautions[g] for g in ("mm", "hams"))
    assert all("complete abstinence" in cautions[g] for g in ("aa", "na", "ca", "lifering"))


def test_moderation_groups_are_for_alcohol():
    person = Person(id="1", goal="moderation", substances=["opioids"])
    out = {e.group for e in fit.shortlist(person, CATALOG).excluded}
    assert {"mm", "hams", "aa", "aa_secular"} <= out


def test_medication_is_welcome_where_a_document_says_so():
    """NA has no unified position on medication; SMART, LifeRing and MARA accept it (B1)."""
    person = Person(id="1", medication_for_addiction=True)
    shortlist = fit.shortlist(person, CATALOG, size=len(CATALOG), active=["sos"])
    cautions = {o.group: o.cautions for o in shortlist.options}
    assert all(cautions[g] == () for g in ("mara", "smart", "lifering"))
    others = set(CATALOG) - {"mara", "smart", "lifering"}
    assert all(any("medication" in c for c in cautions[g]) for g in others)


@pytest.mark.parametrize(
    ("substance", "is_reported"),
    [("alcohol", True), ("benzodiazepines", True), ("cannabis", False)],
)
def test_withdrawal_is_named_before_anything_else(substance, is_reported):
    shortlist = fit.shortlist(Person(id="1", substances=[substance]), CATALOG)
    assert ("suddenly can be dangerous" in shortlist.notes[0]) == is_reported
    assert ("medical advice" in shortlist.to_text().split("\n")[0]) == is_reported
