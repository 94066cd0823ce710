"""Repairs, one kind of change at a time: worked examples."""

from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import evolve

from mshg import SupporterProfile, pairing
from mshg.errors import ValidationError
from mshg.pairing import PairingRequest

DAY = date(2026, 11, 24)
LEE = SupporterProfile(id="lee", groups=["aa"], capacity=1, consented_on=DAY)
ANA = SupporterProfile(id="ana", groups=["na"], capacity=1, consented_on=DAY)
FIRST = PairingRequest(person="1", groups=["aa", "na"], waiting_since=DAY - timedelta(20))
SECOND = PairingRequest(person="2", groups=["aa", "na"], waiting_since=DAY - timedelta(10))
THIRD = PairingRequest(person="3", groups=["aa", "na"], waiting_since=DAY - timedelta(5))


@pytest.fixture
def found():
    """1 has Lee, 2 has Ana, 3 has nobody."""
    found = pairing.match([FIRST, SECOND, THIRD], [LEE, ANA], as_of=DAY)
    assert has(found) == {"1": "lee", "2": "ana"}
    return found


def has(found):
    return {p.person: p.supporter for p in found.pairs}


def moves(found):
    return [(m.person, m.from_supporter, m.to_supporter, m.cause.value) for m in found.moved]


def repaired(found, *changes, as_of=DAY, **more):
    after = pairing.repair(found, changes, as_of=as_of, **more)
    assert pairing.verify(after, after.requests, after.supporters, keep=after.keep) == (
        after.certificate
    )
    return after


def test_a_place_that_opens_starts_a_chain(found):
    after = repaired(found, pairing.PersonLeft("1"))
    assert moves(after) == [("2", "ana", "lee", "place_opened"), ("3", None, "ana", "place_opened")]
    assert after.fresh_gain == 0


def test_who_joins_moves_down_and_others_with_them(found):
    longest = evolve(FIRST, person="0", waiting_since=DAY - timedelta(28))
    after = repaired(found, pairing.PersonJoined(longest))
    assert moves(after) == [
        ("0", None, "lee", "joined"),
        ("1", "lee", "ana", "displaced"),
        ("2", "ana", None, "displaced"),
    ]


def test_a_no_displaces_nobody(found):
    after = repaired(found, pairing.PairDeclined("1", "lee"))
    assert has(after) == {"2": "lee", "1": "ana"}
    again = repaired(after, pairing.PairDeclined("1", "ana"))
    assert has(again) == {"2": "lee", "3": "ana"}
    assert again.requests[0].not_with == {"lee", "ana"}
    at = datetime(2026, 11, 25, tzinfo=UTC)
    assert [r.person_id for r in again.offered(at=at, new_id=lambda: "e")] == ["3"]


def test_after_a_no_people_wait_for_an_open_place():
    """1 would displace 2 at Ana, and does not; a fresh match would place 1 better."""
    narrow = evolve(SECOND, groups=["na"], waiting_since=None)
    found = pairing.match([FIRST, narrow], [LEE, ANA], as_of=DAY)
    after = repaired(found, pairing.PairDeclined("1", "lee"))
    assert has(after) == {"2": "ana"}
    assert after.certificate.is_stable
    assert after.certificate.blocking_kept == 1
    assert after.fresh_gain == 1
    opened = repaired(after, pairing.CapacityChanged("ana", 2))
    assert has(opened) == {"1": "ana", "2": "ana"}


def test_supporters_come_and_go(found):
    after = repaired(found, pairing.SupporterLeft("lee"))
    assert has(after) == {"1": "ana"}
    assert [m[3] for m in moves(after)] == ["supporter_left", "displaced"]
    kim = evolve(LEE, id="kim", capacity=2)
    assert has(repaired(after, pairing.SupporterJoined(kim))) == {
        "1": "kim",
        "2": "kim",
        "3": "ana",
    }


def test_capacity_goes_down_and_up(found):
    after = repaired(found, pairing.CapacityChanged("lee", 0))
    assert has(after) == {"1": "ana"}
    assert [m[3] for m in moves(after)] == ["capacity_lowered", "displaced"]
    wider = repaired(after, pairing.CapacityChanged("lee", 3))
    assert has(wider) == {"1": "lee", "2": "lee", "3": "lee"}


def test_pairs_in_touch_stay_until_they_can_not(found):
    kept = repaired(found, keep=[("2", "ana")])
    assert [p.person for p in kept.pairs if p.is_kept] == ["2"]
    assert "2" not in {m.person for m in repaired(kept, pairing.PersonLeft("1")).moved}
    gone = repaired(kept, pairing.SupporterLeft("ana"))
    assert [(x.person, x.constraint.value) for x in gone.lapsed] == [("2", "listed")]
    fewer = repaired(kept, pairing.CapacityChanged("ana", 0))
    assert [(x.person, x.constraint.value) for x in fewer.lapsed] == [("2", "capacity")]
    no = repaired(kept, pairing.PairDeclined("2", "ana"))
    assert no.keep == ()
    assert has(no) == {"1": "lee", "3": "ana"}


def test_someone_in_touch_without_a_request_counts_and_may_leave():
    found = pairing.match([FIRST], [LEE], as_of=DAY, keep=[("x", "lee")])
    assert has(found) == {"x": "lee"}
    assert has(repaired(found, pairing.PersonLeft("x"))) == {"1": "lee"}
    assert has(repaired(found, pairing.PairDeclined("x", "lee"))) == {"1": "lee"}
    assert repaired(found, pairing.SupporterLeft("lee")).lapsed[0].person == "x"
    assert has(repaired(found, keep=[])) == {"1": "lee"}
    with pytest.raises(ValidationError, match=r"keep\[0\]"):
        pairing.repair(found, [], as_of=DAY, keep=[("x",)])


def test_another_day_looks_at_pauses_again():
    back = DAY + timedelta(7)
    resting = evolve(LEE, paused_until=back)
    found = pairing.match([FIRST, SECOND], [resting, ANA], as_of=DAY)
    assert has(found) == {"1": "ana"}
    after = repaired(found, as_of=back)
    assert has(after) == {"1": "lee", "2": "ana"}
    assert [p.place for p in after.pairs] == [0, 1]
    withdrawn = evolve(LEE, consented_on=back)
    found = pairing.match([FIRST], [LEE], as_of=back, keep=[("1", "lee")])
    assert repaired(found, as_of=DAY - timedelta(1)).lapsed[0].constraint == "consent"
    assert pairing.match([FIRST], [withdrawn], as_of=DAY).pairs == ()


def test_new_words_are_learned(found):
    """A newcomer may name a group and a language that nobody named before."""
    new = PairingRequest(person="9", groups=["smart"], languages=["fr"], wanted_identities=["x"])
    kim = SupporterProfile(
        id="kim",
        groups=["smart"],
        languages=["fr"],
        identities=["x"],
        accompanies=["y"],
        capacity=1,
        consented_on=DAY,
    )
    after = repaired(found, pairing.SupporterJoined(kim), pairing.PersonJoined(new))
    assert "9" not in has(after)
    joined = pairing.PersonJoined(evolve(new, person="8", identities=["y"]))
    assert has(repaired(after, joined))["8"] == "kim"


def test_wrong_changes_are_reported_at_once(found):
    with pytest.raises(ValidationError) as caught:
        pairing.repair(
            found,
            [
                pairing.PersonJoined(FIRST),
                pairing.PersonLeft("nobody"),
                pairing.SupporterJoined(LEE),
                pairing.SupporterLeft("lee"),
                pairing.CapacityChanged("lee", 1),
                pairing.PairDeclined("1", "nobody"),
                "a change",
            ],
            as_of=DAY,
            keep=[("1", "ana"), 3],
        )
    assert [p.path for p in caught.value.problems] == [
        "$.changes[0].request.person",
        "$.changes[1].person",
        "$.changes[2].supporter.id",
        "$.changes[4].supporter",
        "$.changes[5].supporter",
        "$.changes[6]",
        "$.keep[1]",
    ]
    with pytest.raises(ValidationError) as caught:
        pairing.repair(found, [], as_of=DAY, keep=[("1", "ana")])
    assert [p.path for p in caught.value.problems] == ["$.keep[0]"]
    with pytest.raises(ValidationError):
        pairing.repair(3, [], as_of=DAY)
    with pytest.raises(ValidationError):
        pairing.CapacityChanged("lee", -1)
    with pytest.raises(ValidationError):
        pairing.PersonJoined("1")
    assert repr(pairing.PairDeclined("1", "lee")) == "PairDeclined(…)"
