"""Made-up histories come out as an experienced clinician would expect. All of it is judgment."""

import pytest

from clinical_histories import HISTORIES, assessed
from mshg import risk


@pytest.mark.parametrize("name", HISTORIES)
def test_what_a_clinician_would_expect(name):
    """Tiers, urgency, notices and words are those that a clinician would act on."""
    records, expected = HISTORIES[name]
    found = assessed(records)
    text = found.to_text()
    for risk_name in risk.RISKS:
        tiers = expected.get(risk_name, risk.TIERS)
        tiers = (tiers,) if isinstance(tiers, str) else tiers
        assert getattr(found, f"{risk_name}_tier") in tiers
    urgency = expected.get("urgency", risk.URGENCIES)
    assert found.urgency in ((urgency,) if isinstance(urgency, str) else urgency)
    if "notices" in expected:
        assert [notice.kind for notice in found.notices] == expected["notices"]
    for said in expected.get("says", []):
        assert said in text
    for unsaid in expected.get("never", []):
        assert unsaid not in text
    assert set(expected.get("strengths", [])) <= {strength.kind for strength in found.strengths}
