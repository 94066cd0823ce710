"""Requests and supporters in, pairs and reasons out: worked examples."""

from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import evolve

from mshg import MeetingPreferences, Person, SupporterProfile, catalog, events, pairing
from mshg.errors import ValidationError
from mshg.pairing import Constraint, PairingRequest

DAY = date(2026, 11, 24)
HERE = {"latitude": 40.0, "longitude": -75.0}
NEAR = {"latitude": 40.1, "longitude": -75.0}  # 11.1 km north
LEE = SupporterProfile(
    id="lee", display_name="Lee", groups=["aa"], capacity=1, consented_on=DAY, **NEAR
)
ANA = SupporterProfile(
    id="ana", display_name="Ana B.", groups=["aa", "na"], capacity=2, consented_on=DAY
)
ASKS = PairingRequest(person="p", groups=["aa"])


def pairs(requests, supporters, **more):
    found = pairing.match(requests, supporters, as_of=DAY, **more)
    assert pairing.verify(found, requests, supporters, keep=more.get("keep", ())) == (
        found.certificate
    )
    return {p.person: p.supporter for p in found.pairs}


@pytest.mark.parametrize(
    ("asked", "offered", "constraint"),
    [
        ({}, {}, None),
        ({"roles": ["recovery_coach"]}, {}, Constraint.ROLE),
        ({"roles": ["recovery_coach"]}, {"role": "recovery_coach"}, None),
        ({}, {"consented_on": None}, Constraint.CONSENT),
        ({}, {"consented_on": DAY + timedelta(1)}, Constraint.CONSENT),
        ({}, {"paused_until": DAY + timedelta(1)}, Constraint.PAUSE),
        ({}, {"paused_until": DAY}, None),
        ({}, {"groups": ["na"]}, Constraint.GROUP),
        ({"groups": []}, {"groups": ["na"]}, None),
        ({"groups": ["na", "aa"]}, {}, None),
        ({}, {"groups": []}, None),
        ({"languages": ["es"]}, {"languages": ["en"]}, Constraint.LANGUAGE),
        ({"languages": ["es"]}, {}, None),
        ({"languages": ["zh"]}, {"languages": ["ZH-hant"]}, None),
        ({"languages": ["es", "en"]}, {"languages": ["en", "fr"]}, None),
        ({"wanted_identities": ["woman"]}, {}, Constraint.PERSONS_WISH),
        ({"wanted_identities": ["woman"]}, {"identities": ["woman", "older"]}, None),
        ({"wanted_identities": ["woman", "nurse"]}, {"identities": ["woman"]}, "persons_wish"),
        ({}, {"accompanies": ["woman"]}, Constraint.SUPPORTERS_WISH),
        ({"identities": ["woman"]}, {"accompanies": ["woman", "non-binary"]}, None),
        ({"not_with": ["lee"]}, {}, Constraint.NOT_WITH),
        ({"not_with": ["ana"]}, {}, None),
        ({"modes": ["online"]}, {"modes": ["in_person"]}, Constraint.DISTANCE),
        ({"modes": ["online"]}, {"modes": ["hybrid"]}, None),
        (HERE | {"modes": ["in_person"], "within_km": 11}, {}, Constraint.DISTANCE),
        (HERE | {"modes": ["in_person"], "within_km": 12}, {}, None),
        (HERE | {"within_km": 1}, {}, None),  # online
        (HERE | {"modes": ["in_person"]}, {"within_km": 11}, Constraint.DISTANCE),
        ({"modes": ["in_person"]}, {"within_km": 99}, Constraint.DISTANCE),  # not known
        ({"windows": [(1, "18:00", "20:00")]}, {"windows": [(1, "19:00", "21:00")]}, None),
        ({"windows": [(1, "18:00", "20:00")]}, {"windows": [(1, "19:01", "21:00")]}, "free_time"),
        ({"windows": [(1, "18:00", "18:30")]}, {}, Constraint.FREE_TIME),
        ({"windows": [(6, "23:00", "01:00")]}, {"windows": [(0, "00:00", "02:00")]}, None),
    ],
)
def test_constraints(asked, offered, constraint):
    request, supporter = evolve(ASKS, **asked), evolve(LEE, **offered)
    assert pairs([request], [supporter]) == ({} if constraint else {"p": "lee"})
    found = pairing.match([request], [supporter], as_of=DAY, keep=[("p", "lee")])
    assert [lapse.constraint for lapse in found.lapsed] == ([constraint] if constraint else [])
    if constraint:
        assert found.unmatched[0].constraint == constraint


def test_clocks_of_two_zones():
    request = evolve(ASKS, windows=[(0, "18:00", "20:00")], timezone="America/New_York")
    same = {"windows": [(0, "17:00", "19:00")], "timezone": "America/Chicago"}
    assert pairs([request], [evolve(LEE, **same)]) == {"p": "lee"}
    other = {"windows": [(0, "18:00", "20:00")], "timezone": "Europe/Berlin"}
    assert pairs([request], [evolve(LEE, **other)]) == {}
    unnamed = {"windows": [(0, "18:00", "20:00")], "timezone": None}
    assert pairs([request], [evolve(LEE, **unnamed)]) == {"p": "lee"}


def test_people_get_whom_they_like_and_waiting_settles_ties():
    early, late = (
        evolve(ASKS, person=name, waiting_since=DAY - timedelta(days))
        for name, days in (("early", 90), ("late", 80))
    )
    assert pairs([late, early], [LEE]) == {"early": "lee"}
    assert pairs([evolve(ASKS, person="1"), evolve(ASKS, person="2")], [LEE]) == {"1": "lee"}


def test_experience_weighs_on_both_sides_and_is_not_said():
    opioids = evolve(LEE, id="kim", substances=["opioids"], medication_for_addiction=True)
    request = evolve(ASKS, substances=["opioids"], medication_for_addiction=True)
    found = pairing.match([request], [LEE, opioids], as_of=DAY)
    assert found.pairs[0].supporter == "kim"
    assert "opioid" not in found.to_text()
    assert "medication" not in found.to_text()
    assert pairs([ASKS], [LEE, opioids]) == {"p": "lee"}  # nobody's own experience for its own sake


def test_groups_count_in_the_order_of_preference():
    first = evolve(ASKS, groups=["na", "aa"])
    assert pairs([first], [LEE, ANA]) == {"p": "ana"}
    found = pairing.match([first], [LEE], as_of=DAY)
    assert found.offered(at=datetime(2026, 11, 24, tzinfo=UTC), new_id=lambda: "e")[0].group == "aa"


def test_what_a_person_reads():
    request = evolve(
        ASKS,
        groups=["aa", "na"],
        group_names={"aa": "AA"},
        languages=["en", "xx"],
        windows=[(1, "18:00", "21:00"), (2, "18:00", "21:00"), (4, "18:00", "22:00")],
        within_km=20,
        wanted_identities=["woman"],
        **HERE,
    )
    lee = evolve(
        LEE,
        languages=["en"],
        identities=["woman"],
        modes=["in_person"],
        windows=[(1, "18:30", "20:00"), (2, "19:00", "20:00"), (4, "18:00", "23:00")],
    )
    found = pairing.match([request], [lee, ANA], as_of=DAY)
    assert found.pairs[0].reasons == (
        "Lee goes to AA, your first choice.",
        "You both speak English.",
        "You can meet in person.",
        "That is within the distance you gave.",
        "You are both free Tuesday from 18:30 to 20:00 and Friday from 18:00 to 22:00.",
        "This is in line with what you wished for.",
    )
    assert found.pairs[0].next_best is None  # Ana does not call herself a woman
    assert pairing.match([ASKS], [LEE, ANA], as_of=DAY).pairs[0].next_best == "ana"


def test_what_would_help():
    def helps(asked, *supporters):
        found = pairing.match([evolve(ASKS, **asked)], supporters, as_of=DAY)
        change = found.unmatched[0].change
        return (change.value, change.sentence) if change else (None, None)

    evening = evolve(LEE, windows=[(3, "12:00", "22:30")])
    window, sentence = helps({"windows": [(1, "18:00", "20:00")]}, evening)
    assert (window.weekday, window.start.hour, window.until.hour) == (3, 17, 20)
    assert sentence.endswith("also free Thursday from 17:00 to 20:00.")
    km, sentence = helps(HERE | {"within_km": 5, "modes": ["in_person"]}, LEE)
    assert (km, "12 km (7 miles)" in sentence) == (12, True)
    only_online = evolve(LEE, modes=["online"])
    assert helps({"modes": ["in_person"]}, only_online)[1] == "Someone could meet you online."
    assert helps({"languages": ["es"]}, evolve(LEE, languages=["fr"]))[1] == (
        "Someone could go along who speaks French."
    )
    assert helps({"groups": ["na"]}, LEE)[0] == "aa"
    assert helps({"wanted_identities": ["woman"]}, LEE)[0] == "woman"
    assert helps({"wanted_identities": ["woman", "older"]}, LEE) == (None, None)
    assert helps({"not_with": ["lee"]}, LEE) == (None, None)  # nobody takes back a no
    assert helps({}, evolve(LEE, accompanies=["woman"])) == (None, None)
    assert helps({"groups": ["na"], "languages": ["es"]}, evolve(LEE, languages=["en"])) == (
        None,
        None,
    )
    assert helps({}, evolve(LEE, paused_until=DAY + timedelta(3)))[1].startswith("Someone may be")


def test_one_more_place_with_a_named_supporter():
    several = [evolve(ASKS, person=str(i), waiting_since=DAY - timedelta(9 - i)) for i in range(4)]
    found = pairing.match(several, [LEE], as_of=DAY)
    assert [left.change.value for left in found.unmatched] == [1, 2, 3]
    sentences = [left.change.sentence for left in found.unmatched]
    assert sentences[0] == "One more place with Lee would make it possible."
    assert sentences[2] == "3 more places with Lee would make it possible."
    assert found.longest_waiting.person == "1"
    assert found.longest_waiting.days == 8
    assert found.spread == 0


def test_one_more_evening_is_less_than_two_more_places():
    several = [evolve(ASKS, person=str(i), waiting_since=DAY - timedelta(9 - i)) for i in range(3)]
    several = [evolve(r, windows=[(1, "18:00", "20:00")]) for r in several]
    kim = evolve(LEE, id="kim", windows=[(2, "18:00", "20:00")])
    left = pairing.match(several, [LEE, kim], as_of=DAY).unmatched
    assert [x.constraint for x in left] == ["capacity", "capacity"]
    assert [x.change.constraint for x in left] == ["capacity", "free_time"]
    assert left[1].change.supporter == "kim"


def test_loads_and_their_spread():
    found = pairing.match([ASKS], [LEE, ANA, evolve(LEE, id="none", capacity=0)], as_of=DAY)
    assert dict(found.loads) == {"lee": 1, "ana": 0, "none": 0}
    assert found.spread == 1
    assert str(pairing.match([], [], as_of=DAY).spread) == "nan"
    assert pairing.match([], [LEE], as_of=DAY).longest_waiting is None


def test_pairs_in_touch():
    other = evolve(ASKS, person="q", waiting_since=DAY - timedelta(60))
    assert pairs([ASKS, other], [LEE]) == {"q": "lee"}
    assert pairs([ASKS, other], [LEE], keep=[("p", "lee")]) == {"p": "lee"}
    assert pairs([other], [LEE], keep=[("elsewhere", "lee")]) == {"elsewhere": "lee"}
    found = pairing.match([ASKS, other], [LEE], as_of=DAY, keep=[("p", "lee")])
    assert found.certificate.blocking_kept == 1
    assert found.certificate.is_stable
    lowered = pairing.match([ASKS, other], [LEE], as_of=DAY, keep=[("p", "lee"), ("q", "lee")])
    assert [(x.person, x.constraint) for x in lowered.lapsed] == [("q", Constraint.CAPACITY)]


def test_wrong_calls_are_reported_at_once():
    with pytest.raises(ValidationError) as caught:
        pairing.match(
            [ASKS, "p", ASKS],
            [LEE, LEE, 3],
            as_of="today",
            keep=[("p", "lee"), ("p", "ana"), "pl", 3],
            parameters=1,
            wording="en",
        )
    assert [p.path for p in caught.value.problems] == [
        "$.requests[1]",
        "$.requests[2].person",
        "$.supporters[1].id",
        "$.supporters[2]",
        "$.as_of",
        "$.keep[1]",
        "$.keep[2]",
        "$.keep[3]",
        "$.parameters",
        "$.wording",
    ]
    with pytest.raises(ValidationError):
        pairing.verify(3, [], [])
    with pytest.raises(ValidationError):
        pairing.Weights(shared_group=-1)
    with pytest.raises(ValidationError):
        pairing.PairingParameters(least_minutes=0)


def test_a_moment_stands_for_its_day():
    moment = datetime(2026, 11, 24, 23, tzinfo=UTC)
    assert pairing.match([ASKS], [LEE], as_of=moment).as_of == DAY


def test_a_request_from_a_person():
    person = Person(
        id="p",
        chosen_group="smart",
        substances=["alcohol"],
        identities=["woman"],
        medication_for_addiction=False,
        preferences=MeetingPreferences(modes=["online"], weekdays=[5], languages=["es"]),
    )
    groups = catalog.load()
    request = PairingRequest.from_person(person, groups=[groups["aa"], groups["smart"]])
    assert request.groups == ("smart", "aa")
    assert dict(request.group_names) == {"aa": "AA", "smart": "SMART"}
    assert [w.weekday for w in request.windows] == [5]
    assert (request.languages, request.identities) == ({"es"}, {"woman"})
    assert request.roles == {"first_friend"}
    assert PairingRequest.from_person(Person(id="p"), groups=groups).groups == tuple(groups)
    assert PairingRequest.from_person(person, groups=[]).groups == ("smart",)
    with pytest.raises(ValidationError):
        PairingRequest.from_person("p", groups=[])
    with pytest.raises(ValidationError):
        PairingRequest.from_person(person, groups="aa")


def test_a_request_that_is_wrong():
    with pytest.raises(ValidationError) as caught:
        PairingRequest(
            person="", groups=[""], roles=[], latitude=1, within_km=-1, timezone="x", windows=[3]
        )
    assert [p.path for p in caught.value.problems] == [
        "$.person",
        "$.groups[0]",
        "$.roles",
        "$.windows[0]",
        "$.timezone",
        "$.latitude",
        "$.within_km",
    ]
    assert PairingRequest(
        person="p", waiting_since=datetime(2026, 1, 2, tzinfo=UTC)
    ).waiting_since == (date(2026, 1, 2))


def test_who_said_no_is_read_from_the_log():
    def said(i, supporter, answer, by="person", person="p"):
        return events.SupporterAnswered(
            id=f"e{i}",
            at=datetime(2026, 11, i, tzinfo=UTC),
            person_id=person,
            supporter_id=supporter,
            answer=answer,
            answered_by=by,
        )

    offer = {"person_id": "p", "supporter_id": "lee", "role": "first_friend"}
    log = [
        said(1, "lee", "declined"),
        events.SupporterOffered(id="o", at=datetime(2026, 11, 5, tzinfo=UTC), **offer),
        said(2, "ana", "declined", by="supporter"),
        said(3, "kim", "declined"),
        said(4, "kim", "accepted"),
        said(6, "kim", "declined", person="q"),
        said(7, "bo", "declined"),
        said(8, "jo", "declined", by="supporter"),
        said(9, "jo", "accepted"),
        events.Retracted(id="r", at=datetime(2026, 11, 9, tzinfo=UTC), event_id="e7"),
    ]
    request = PairingRequest.from_events(Person(id="p"), log, groups=["aa"], not_with=["x"])
    assert request.not_with == {"lee", "ana", "jo", "x"}
    assert events.replay([e for e in log if e.person_id == "p"]).person_id == "p"


def test_long_lists_are_taken_as_far_as_needed():
    """Lists are cut for memory's sake only: whoever needs more of theirs gets more."""
    supporters = [evolve(LEE, id=f"s{j}", capacity=1 if j == 299 else 0) for j in range(300)]
    found = pairing.match([ASKS], supporters, as_of=DAY)
    assert [(p.supporter, p.place) for p in found.pairs] == [("s299", 299)]
    kept = pairing.match([ASKS], supporters, as_of=DAY, keep=[("p", "s299")])
    assert [(p.supporter, p.place) for p in kept.pairs] == [("s299", 299)]
    assert kept.certificate == pairing.verify(kept, [ASKS], supporters, keep=[("p", "s299")])
