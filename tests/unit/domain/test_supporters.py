"""Supporters check themselves, and show nothing."""

from datetime import date, time

import pytest

from mshg import SupporterProfile, codec
from mshg.domain import SupporterRole, Window
from mshg.errors import ValidationError


def test_little_is_needed():
    profile = SupporterProfile(id="s1", capacity=0)
    assert profile.role is SupporterRole.FIRST_FRIEND
    assert profile.consented_on is None
    assert repr(profile) == "SupporterProfile(…)"


def test_everything_wrong_comes_back_at_once():
    with pytest.raises(ValidationError) as caught:
        SupporterProfile(
            id=" ",
            role="family_or_friend",
            display_name="Lee Smith",
            groups=[""],
            modes=["by mail"],
            windows=[(7, "18:00", "20:00")],
            timezone="Nowhere",
            latitude=91,
            longitude=0,
            within_km=-1,
            medication_for_addiction="yes",
            capacity=1.5,
            consented_on="today",
            paused_until=3,
        )
    assert [p.path for p in caught.value.problems] == [
        "$.id",
        "$.role",
        "$.display_name",
        "$.groups[*]",
        "$.modes[*]",
        "$.windows[0]",
        "$.timezone",
        "$.latitude",
        "$.within_km",
        "$.medication_for_addiction",
        "$.capacity",
        "$.consented_on",
        "$.paused_until",
    ]


def test_a_place_is_given_whole_and_limits_need_one():
    with pytest.raises(ValidationError) as caught:
        SupporterProfile(id="s", capacity=1, latitude=1)
    assert [p.path for p in caught.value.problems] == ["$.latitude"]
    with pytest.raises(ValidationError) as caught:
        SupporterProfile(id="s", capacity=1, within_km=5)
    assert [p.path for p in caught.value.problems] == ["$.within_km"]


@pytest.mark.parametrize("capacity", [-1, True, None, 0.5, "2", 1_000_001])
def test_capacity_is_a_whole_number_from_0(capacity):
    with pytest.raises(ValidationError):
        SupporterProfile(id="s", capacity=capacity)


@pytest.mark.parametrize(
    "name", ["Lee", "Ana B.", "Ana B", "Anne-Marie", "O'Neal", "José", "अनिता", "美香", "Zoë K."]
)
def test_a_first_name_and_an_initial(name):
    assert SupporterProfile(id="s", capacity=1, display_name=name).display_name == name


@pytest.mark.parametrize("name", ["", "Lee Smith", "Lee S. T.", "lee@example.org", "R2D2", "Lee "])
def test_no_last_name(name):
    with pytest.raises(ValidationError, match="display_name"):
        SupporterProfile(id="s", capacity=1, display_name=name)


def test_a_document_holds_windows_and_days():
    profile = SupporterProfile(
        id="s1",
        capacity=2,
        windows=[(1, "18:00", "24:00")],
        consented_on=date(2026, 11, 2),
    )
    document = codec.to_dict(profile)
    assert document["windows"] == [{"weekday": 1, "start": "18:00:00", "until": "00:00:00"}]
    assert codec.from_dict(document) == profile
    assert profile.windows == (Window(weekday=1, start=time(18), until=time()),)
