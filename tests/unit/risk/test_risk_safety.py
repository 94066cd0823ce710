"""Safety comes first, and nothing switches it off."""

import numpy as np
import pytest

from mshg import risk
from mshg.errors import ValidationError

US = risk.CrisisContacts.us()


def kinds(**inputs):
    return [n.kind.value for n in risk.assess(risk.RiskInputs(**inputs)).notices]


@pytest.mark.parametrize("kind", list(risk.SafetyKind))
def test_each_danger_has_its_notice_ahead_of_everything(kind):
    found = risk.assess(risk.RiskInputs(**{kind.value: True}))
    assert [n.kind for n in found.notices] == [kind]
    assert found.to_text().startswith("First: ")
    assert "your local emergency number" in found.notices[0].text
    assert kinds(**{kind.value: False}) == []


def test_none_reported():
    assert kinds() == []


def test_the_most_urgent_first():
    assert kinds(medication_stopped=True, withdrawal=True, suicidal_thoughts=True) == [
        "suicidal_thoughts",
        "withdrawal",
        "medication_stopped",
    ]


def test_a_change_of_medication_is_not_reported_as_a_stop():
    stated = [
        risk.assess(risk.RiskInputs(**{kind: True})).notices[0].text
        for kind in ("medication_stopped", "medication_changed")
    ]
    assert "was stopped. " in stated[0]
    assert "another is taken. " in stated[1]
    assert all("prescriber" in text and "naloxone" in text for text in stated)


def test_contacts():
    inputs = risk.RiskInputs(suicidal_thoughts=True)
    text = risk.assess(inputs, contacts=US).notices[0].text
    assert "988" in text
    assert "911" in text
    only = risk.CrisisContacts(crisis_line="116 123")
    text = risk.assess(inputs, contacts=only).notices[0].text
    assert "116 123" in text
    assert "your local emergency number" in text
    text = risk.assess(inputs, contacts=risk.CrisisContacts(emergency="112")).notices[0].text
    assert "112" in text
    assert "crisis" not in text
    for wrong in ({}, {"emergency": ""}, {"emergency": "112", "crisis_line": 988}):
        with pytest.raises(ValidationError):
            risk.CrisisContacts(**wrong)


@pytest.mark.parametrize(
    ("weeks", "is_reported"), [(None, True), (0, False), (0.9, False), (1, True), (20, True)]
)
def test_a_return_to_opioids_after_weeks_without(weeks, is_reported):
    found = risk.assess(risk.RiskInputs(opioid_lapse=True, weeks_abstinent_before_lapse=weeks))
    assert bool(found.notices) == is_reported
    if is_reported:
        assert "aloxone" in found.notices[0].text
        assert "alone" in found.notices[0].text


def test_many():
    columns = risk.RiskColumns(
        opioid_lapse=[1, 1, np.nan, 1],
        weeks_abstinent_before_lapse=[5, 0, 5, np.nan],
        overdose=np.array([False, True, False, False]),
    )
    found = risk.assess_table(columns).columns()
    assert found["safety_opioid_lapse"].tolist() == [True, False, False, True]
    assert found["safety_overdose"].tolist() == [False, True, False, False]


@pytest.mark.parametrize("stated", ["opioid_lapse", "overdose"])
def test_a_notice_of_use_is_news_of_use(stated):
    """Nobody is told in one breath that use was reported and that nothing is known of any."""
    sentence = "Nothing is known about use, and no news is not abstinence."
    assert sentence in risk.assess(risk.RiskInputs()).cautions
    assert sentence not in risk.assess(risk.RiskInputs(**{stated: True})).cautions
