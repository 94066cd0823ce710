"""Worked examples of searches: who is found, when, in which order, and what is said of it."""

import pickle
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError

from mshg import Meeting, MeetingPreferences, Person, Slot, catalog
from mshg.errors import ValidationError
from mshg.meetings import Directory, MeetingQuery, searches

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday
HERE = {"latitude": 40.0, "longitude": -75.0}
GROUPS = catalog.load()


def held(key, day=0, clock=time(18), *, zone="UTC", duration=None, **facts):
    """A meeting once a week, called by its id."""
    slot = Slot(weekday=day, start=clock, duration=duration)
    return Meeting(
        id=key, **{"group": "aa", "name": key, "slots": [slot], "timezone": zone} | facts
    )


def north(km):
    """A place so far north of here."""
    return {"latitude": 40 + km / 111.19493, "longitude": -75.0}


def found(meetings, **query):
    return Directory(meetings).search(MeetingQuery(**{"at": NOON} | query))


def names(result):
    return [match.meeting.id for match in result.matches]


def test_with_a_position_the_nearest_comes_first_then_online_then_what_cannot_be_reported():
    meetings = [
        held("far", **north(9)),
        held("near", 6, **north(2)),
        held("online", mode="online", **HERE),
        held("approximate", is_approximate=True, **HERE),
        held("no place"),
    ]
    result = found(meetings, **HERE)
    assert names(result) == ["near", "far", "online", "approximate", "no place"]
    assert [m.distance_km for m in result.matches] == [
        pytest.approx(2, abs=1e-4),
        pytest.approx(9, abs=1e-4),
        None,
        None,
        None,
    ]


def test_without_a_position_the_soonest_comes_first():
    meetings = [held("b", 1), held("a", 3), held("c", 0, mode="online")]
    assert names(found(meetings)) == ["c", "b", "a"]
    assert names(found(meetings, limit=2)) == ["c", "b"]


def test_level_ones_go_by_language_then_preference_then_id():
    meetings = [
        held("1", languages=[]),
        held("2", group="na", languages=["en-US"]),
        held("3", group="ca", languages=["en"]),
        held("4", languages=["en", "es"]),
        held("0", languages=["es"]),
    ]
    result = found(meetings, languages=["EN"], groups=["ca", "na", "aa"])
    assert names(result) == ["3", "2", "4", "1"]
    assert "It names no language; ask before you go." in result.matches[-1].reasons
    assert "Held in: en, es." in result.matches[2].reasons


@pytest.mark.parametrize("barrier", ["social_anxiety", "distance", "transport"])
def test_a_barrier_lifts_online_options_and_hides_nothing(barrier):
    meetings = [
        *(held(f"near {i}", **north(i + 1)) for i in range(3)),
        *(held(f"online {i}", clock=time(20 + i), mode="online") for i in range(2)),
    ]
    turns = ["online 0", "near 0", "online 1", "near 1", "near 2"]
    assert names(found(meetings, barriers=[barrier], **HERE)) == turns
    assert names(found(meetings, barriers=[barrier])) == turns
    assert names(found(meetings, barriers=["childcare"], **HERE))[:3] == [
        "near 0",
        "near 1",
        "near 2",
    ]


def test_hybrid_counts_as_both():
    both = held("both", mode="hybrid", **north(3))
    assert len(found([both], modes=["in_person"])) == len(found([both], modes=["online"])) == 1
    assert len(found([held("1")], modes=["hybrid"])) == 0
    assert len(found([both], modes=["hybrid"])) == 1
    (near,) = found([both], within_km=5, **HERE).matches
    assert near.way == "in_person"
    assert "It can be joined online as well." in near.reasons
    (far,) = found([both], within_km=1, **HERE).matches
    assert (far.way, far.distance_km) == ("online", None)
    assert len(found([both], within_km=1, modes=["in_person"], **HERE)) == 0


def test_a_distance_that_cannot_be_reported_is_within_nothing():
    meetings = [held("approximate", is_approximate=True, **HERE), held("no place")]
    assert len(found(meetings, **HERE)) == 2
    assert len(found(meetings, within_km=20_000, **HERE)) == 0
    assert len(found(meetings, travel_speed_kmh=999, **HERE)) == 0


def test_only_what_can_be_reached_in_time():
    meetings = [
        held("soon", clock=time(12, 30), **north(4)),
        held("later", clock=time(13), **north(4)),
    ]
    result = found(meetings, travel_speed_kmh=4.01, **HERE)
    assert names(result) == ["later"]
    assert "At 4.01 km/h it takes about 60 min to get there." in result.matches[0].reasons
    assert names(found(meetings, travel_speed_kmh=8.01, **HERE)) == ["soon", "later"]
    daily = evolve(meetings[0], slots=[Slot(weekday=d, start=time(12, 30)) for d in range(7)])
    (match,) = found([daily], travel_speed_kmh=4, **HERE).matches
    assert match.starts_at == NOON + timedelta(1, minutes=30)


def test_from_now_on_and_for_so_many_hours():
    meetings = [held(f"{h}", clock=time(h)) for h in (11, 12, 13, 15)]
    assert names(found(meetings, hours=3)) == ["12", "13"]
    assert names(found(meetings, hours=0)) == []
    assert names(found(meetings, hours=168)) == ["12", "13", "15", "11"]


def test_tags():
    meetings = [held("1", tags=["women", "open"]), held("2", tags=["open"]), held("3")]
    assert names(found(meetings, all_tags=["women", "open"])) == ["1"]
    assert names(found(meetings, any_tags=["women", "open"])) == ["1", "2"]
    assert names(found(meetings, no_tags=["women"])) == ["2", "3"]
    assert names(found(meetings, all_tags=["unheard_of"])) == []
    assert names(found(meetings, any_tags=["unheard_of"])) == []
    assert names(found(meetings, no_tags=["unheard_of"])) == ["1", "2", "3"]
    assert (
        "Has what you asked for: open, women."
        in found(meetings, any_tags=["women", "open"]).matches[0].reasons
    )


def test_more_tags_than_bits_of_a_word():
    tags = [f"tag_{i}" for i in range(150)]
    meetings = [held(f"{i:03}", tags=[tag]) for i, tag in enumerate(tags)]
    for i in (0, 63, 64, 127, 128, 149):
        assert names(found(meetings, all_tags=[tags[i]])) == [f"{i:03}"]
        assert names(found(meetings, any_tags=[tags[i], tags[5]], limit=1)) == [f"{min(i, 5):03}"]
        assert f"{i:03}" not in names(found(meetings, no_tags=[tags[i]], limit=200))


def test_variants_are_reported_by_their_group():
    meetings = [held("secular", tags=["secular"]), held("other"), held("own", group="aa_secular")]
    assert names(found(meetings, groups=[GROUPS["aa_secular"]])) == ["own", "secular"]
    assert names(found(meetings, groups=["aa_secular"])) == ["own"]
    assert names(found(meetings, groups=[GROUPS["aa_secular"], "aa"])) == [
        "own",
        "secular",
        "other",
    ]
    assert names(found(meetings, groups=GROUPS, limit=3)) == ["other", "secular", "own"]
    assert names(found(meetings, groups=["na"])) == []


def test_a_viewer_elsewhere_sees_their_own_weekday():
    tokyo = held("1", 1, time(7), zone="Asia/Tokyo", mode="online")  # Tuesday morning in Tokyo
    (match,) = found([tokyo], timezone="America/New_York").matches
    assert match.starts_at.isoformat() == "2026-11-23T17:00:00-05:00"
    monday = [(0, "16:00", "18:00")]
    assert len(found([tokyo], timezone="America/New_York", windows=monday)) == 1
    assert len(found([tokyo], timezone="Asia/Tokyo", windows=monday)) == 0
    assert len(found([tokyo], windows=[(1, "07:00", "08:00")])) == 1  # no zone: on its own clock
    (match,) = found([tokyo]).matches
    assert match.starts_at.isoformat() == "2026-11-24T07:00:00+09:00"


@pytest.mark.parametrize(
    ("at", "clock", "stated"),
    [
        # In New York clocks go from 2:00 to 3:00 on March 8, 2026, and back on November 1.
        ("2026-03-08T00:00-05:00", time(2, 30), "2026-03-08T03:30:00-04:00"),
        ("2026-11-01T00:00-04:00", time(1, 30), "2026-11-01T01:30:00-04:00"),
        ("2026-03-07T22:00-05:00", time(19), "2026-03-08T19:00:00-04:00"),
        ("2026-10-31T22:00-04:00", time(19), "2026-11-01T19:00:00-05:00"),
    ],
)
def test_clocks_that_change(at, clock, stated):
    meeting = held("1", 6, clock, zone="America/New_York")
    (match,) = found([meeting], at=datetime.fromisoformat(at), hours=24).matches
    assert match.starts_at.isoformat() == stated
    elapsed = match.starts_at.astimezone(UTC) - datetime.fromisoformat(at)
    same_zone = datetime.fromisoformat(at).astimezone(ZoneInfo("America/New_York"))
    (same,) = found([meeting], at=same_zone, hours=24).matches
    minutes = elapsed // timedelta(minutes=1)
    assert f"Starts in {minutes // 60} h {minutes % 60} min." in same.reasons


def test_who_is_never_found_and_why():
    meetings = [
        held("1", mode="inactive"),
        held("2", slots=[]),
        held("3", timezone=None),
        held("4"),
    ]
    directory = Directory(meetings)
    assert {why: [m.id for m in ms] for why, ms in directory.skipped.items()} == {
        "inactive": ["1"],
        "by_appointment": ["2"],
        "no_timezone": ["3"],
    }
    assert names(directory.search(MeetingQuery(at=NOON))) == ["4"]
    assert repr(directory) == "Directory(1 meetings, 3 left out)"
    assert len(directory) == 1
    assert len(Directory([])) == 0
    assert found([]).notes == (
        "Nothing fits, and no single change to what you asked for would give anything.",
    )


def test_two_lists_may_use_the_same_id():
    meetings = [held("1", name="b"), held("1", name="a"), held("1", group="aa_first", name="c")]
    for given in (meetings, meetings[::-1]):
        assert [m.meeting.name for m in found(given).matches] == ["a", "b", "c"]


def test_nothing_within_five_kilometers():
    meetings = [
        *(held(f"{i}", **north(7.12 + i / 100)) for i in range(4)),
        held("far", **north(30)),
    ]
    result = found(meetings, within_km=5, **HERE)
    assert result.notes[0] == "Nothing within 5 km; 7.2 km has 4."
    assert result.notes[1] == "The first of them: Monday 2026-11-23, 18:00  0 (in person)"
    (stated,) = result.relaxations
    assert (stated.constraint, stated.value, stated.count) == ("within_km", 7.2, 4)
    assert result.to_text() == "\n".join(result.notes)


def test_what_is_too_far_or_nowhere_to_be_found_is_reported_all_the_same():
    """Where no speed would do, what is left is not to ask for one."""
    for meetings in ([held("1")], [held("1", clock=time(12, 1), **north(4_000))]):
        result = found(meetings, travel_speed_kmh=5, **HERE)
        stated = [(r.constraint, r.value, r.count) for r in result.relaxations]
        assert ("travel_speed_kmh", None, 1) in stated


def test_whom_a_meeting_is_meant_for_is_reported_unless_asked_for():
    """A plain search hides no meeting for some people, and says whom it is for."""
    meetings = [held("1", tags=["women", "non_binary", "closed", "speaker"])]
    (match,) = found(meetings)
    stated = "Going by its list, it is meant for: non binary, women."
    assert [r for r in match.reasons if r.startswith(stated)]
    assert "Closed: for members, and for people who may want to be one." in match.reasons
    (match,) = found(meetings, all_tags=["women"], any_tags=["closed", "non_binary"])
    assert not [r for r in match.reasons if "meant for" in r or r.startswith("Closed")]


def test_the_nearest_change_comes_first():
    meetings = [
        held("1", clock=time(13), tags=["open"], **north(2)),
        held("2", clock=time(19), **north(1)),
        held("3", 3, tags=["open"], **north(9)),
    ]
    query = {"hours": 4, "within_km": 8, "all_tags": ["open"], "no_tags": ["men"]}
    result = found(meetings, **HERE, **query | {"hours": 0.5})
    stated = [(r.constraint, r.value, r.first.meeting.id) for r in result.relaxations]
    assert stated == [("hours", 2, "1")]
    result = found(meetings[1:], **HERE, **query | {"hours": 200, "within_km": 8})
    stated = [(r.constraint, r.value, r.count, r.first.meeting.id) for r in result.relaxations]
    assert stated == [("all_tags", "open", 1, "2"), ("within_km", 9.1, 1, "3")]


def test_a_match_has_no_relaxations():
    result = found([held("1")])
    assert result.relaxations == result.notes == ()
    assert result.to_text().startswith(
        "Monday 2026-11-23, 18:00  1 (in person)\n   Starts in 6 h 0 min."
    )


def test_results_are_thin_frozen_and_show_nothing():
    result = found([held("Canary", **north(1))], **HERE)
    assert repr(result) == "SearchResult(1 matches)"
    assert repr(result.matches[0]) == "MeetingMatch(…)"
    assert repr(result.query) == "MeetingQuery(…)"
    assert result.matches is result.matches
    with pytest.raises(FrozenInstanceError):
        result.query = None
    for column in (result.meetings, result.starts, result.distances, result.online):
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 0
    none = found([held("1", tags=["open"])], no_tags=["open"])
    assert repr(none.relaxations[0]) == "Relaxation(…)"


def test_a_directory_travels():
    directory = Directory([held("1"), held("2", slots=[])])
    copy = pickle.loads(pickle.dumps(directory))
    query = MeetingQuery(at=NOON)
    assert copy.search(query).matches == directory.search(query).matches
    assert copy.skipped == directory.skipped


def test_what_is_refused():
    with pytest.raises(ValidationError) as caught:
        Directory([held("1"), "Canary", held("2", timezone="Canary/Zone")])
    assert [p.path for p in caught.value.problems] == ["$.meetings[1]"]
    with pytest.raises(ValidationError) as caught:
        Directory([held("1"), held("2", timezone="Canary/Zone")])
    assert [p.path for p in caught.value.problems] == ["$.meetings[1].timezone"]
    assert "Canary" not in str(caught.value)
    directory = Directory([])
    for call in (
        lambda: Directory("Canary"),
        lambda: directory.search("Canary"),
        lambda: directory.search_many(["Canary"]),
        lambda: directory.search(MeetingQuery(at=NOON), wording="Canary"),
    ):
        with pytest.raises(ValidationError) as caught:
            call()
        assert "Canary" not in str(caught.value)
    assert directory.search_many([]) == []


@pytest.mark.parametrize(
    ("slot", "viewer", "window", "starts_at", "hours"),
    [
        ((1, time(19)), "Europe/Berlin", (2, "01:00", "01:30"), "2026-03-04T00:00Z", 49),
        ((1, time(19)), "Europe/Berlin", (2, "00:00", "00:30"), "2026-03-10T23:00Z", 216),
        ((6, time(2, 30)), None, (6, "03:15", "04:00"), "2026-03-08T07:30Z", 152),
    ],
    ids=["on the clock of a viewer", "only between two changes of clocks", "told later in a gap"],
)
def test_how_long_one_has_to_wait_for_a_window(slot, viewer, window, starts_at, hours):
    """Clocks change on March 8 in New York, on March 29 in Berlin."""
    at = datetime(2026, 3, 2, tzinfo=UTC)
    meeting = held("1", *slot, zone="America/New_York")
    query = {"at": at, "hours": 1, "timezone": viewer, "windows": [window]}
    assert not len(found([meeting], **query))
    stated = [r for r in found([meeting], **query).relaxations if r.constraint == "hours"]
    first = stated[0].first.starts_at.astimezone(UTC)
    assert (stated[0].value, first) == (hours, datetime.fromisoformat(starts_at))


def test_the_count_of_a_change_is_of_meetings():
    daily = held("1", slots=[Slot(weekday=day, start=time(18)) for day in range(7)])
    result = found([daily, held("2", mode="hybrid")], groups=["na"])
    assert [(r.constraint, r.count) for r in result.relaxations] == [("groups", 2)]


def test_small_circles_find_the_same(monkeypatch):
    monkeypatch.setattr(searches, "_FEW", 0)
    monkeypatch.setattr(searches, "_RARE", 1e-9)
    meetings = [held(f"{i:04}", i % 7, time(i % 24), **north(i * 7 % 501)) for i in range(500)]
    query = {"limit": 5, "hours": 24} | HERE
    narrow = found(meetings, **query).matches
    monkeypatch.setattr(searches, "_FEW", 4_096)
    assert narrow == found(meetings, **query).matches
    assert len(narrow) == 5


def test_a_preferred_one_among_very_many_at_the_same_time():
    meetings = [*(held(f"{i:03}") for i in range(300)), held("zzz", group="na")]
    assert names(found(meetings, groups=["na", "aa"], limit=2)) == ["zzz", "000"]
    assert names(found(meetings, limit=2)) == ["000", "001"]


def test_what_has_just_begun_is_found_where_it_is_asked_for():
    """A meeting that has begun and is still on is found, and says how long ago it began."""
    hour = timedelta(hours=1)
    slots = [Slot(weekday=0, start=time(12), duration=hour)]
    meeting = Meeting(id="1", group="aa", name="Noon", slots=slots, timezone="UTC", mode="online")
    directory = Directory([meeting])
    at = datetime(2026, 11, 23, 12, 10, tzinfo=UTC)
    ten = timedelta(minutes=10)
    (match,) = directory.search(MeetingQuery(at=at, started_within=ten)).matches
    assert match.starts_at == at - ten
    assert "Started 10 min ago." in match.reasons
    later = directory.search(MeetingQuery(at=at, started_within=timedelta(minutes=9))).matches
    assert later[0].starts_at == at - ten + timedelta(7)
    over = MeetingQuery(at=at + hour, started_within=timedelta(hours=12), hours=24)
    assert directory.search(over).matches == ()
    for wrong in (-ten, timedelta(hours=13), 10):
        with pytest.raises(ValidationError, match="started_within"):
            MeetingQuery(at=at, started_within=wrong)


def test_a_meeting_is_found_again_by_its_id():
    slots = [Slot(weekday=0, start=time(12))]
    facts = {"name": "Noon", "timezone": "UTC", "slots": slots}
    held = [Meeting(id=i, group=g, **facts) for g, i in (("na", "1"), ("aa", "1"), ("aa", "2"))]
    aside = Meeting(id="9", group="aa", mode="inactive", **facts)
    directory = Directory([*held, aside])
    assert dict(directory.groups()) == {"aa": 2, "na": 1}
    assert directory.get("aa", "1") is held[1]
    assert directory.get("aa", "9") is aside
    assert directory.get("ca", "1") is None


def test_a_woman_is_not_sent_to_a_meeting_for_men():
    slots = [Slot(weekday=0, start=time(12))]
    facts = {"group": "aa", "name": "Noon", "timezone": "UTC", "slots": slots}
    directory = Directory(
        [
            Meeting(id="all", **facts),
            Meeting(id="men", tags=["men"], **facts),
            Meeting(id="women", tags=["women"], **facts),
        ]
    )
    at = datetime(2026, 11, 23, tzinfo=UTC)

    def found(identities=(), **wanted):
        person = Person(id="1", identities=identities, preferences=MeetingPreferences(**wanted))
        result = directory.search(MeetingQuery.from_person(person, at=at))
        return {match.meeting.id for match in result.matches}

    assert found(["woman"]) == {"all", "women"}
    assert found(["Man ", "veteran"]) == {"all", "men"}
    assert found() == found(["non-binary"]) == found(["man", "woman"]) == {"all", "men", "women"}
    assert found(["woman"], any_tags=["men"]) == {"men"}


@pytest.mark.parametrize(
    ("given", "meant"),
    [("Spanish", "es"), ("english", "en"), ("spa", "es"), ("Espa\u00f1ol", "es")],
)
def test_the_name_of_a_language_suggests_its_tag(given, meant):
    at = datetime(2026, 11, 23, tzinfo=UTC)
    for make in (lambda **w: MeetingQuery(at=at, **w), MeetingPreferences):
        with pytest.raises(ValidationError, match=f"did you mean {meant}"):
            make(languages=[given])
        with pytest.raises(ValidationError, match="BCP 47"):
            make(languages=["qq"])
        assert make(languages=["en", "es-MX", "zh-Hant", "ase"]).languages


def test_inactive_is_no_way_to_attend():
    at = datetime(2026, 11, 23, tzinfo=UTC)
    for make in (lambda **w: MeetingQuery(at=at, **w), MeetingPreferences):
        with pytest.raises(ValidationError, match=r"in_person, online, hybrid$"):
            make(modes=["inactive"])


def test_what_is_in_reach_is_counted_by_group():
    groups = catalog.load()
    at = datetime(2026, 11, 24, 17, tzinfo=UTC)
    slot = Slot(weekday=1, start=time(19))
    here, far = {"latitude": 40.7, "longitude": -74.0}, {"latitude": 45.7, "longitude": -74.0}
    facts = {"name": "x", "timezone": "America/New_York", "slots": [slot]}
    held = [
        Meeting(id="1", group="lifering", mode="hybrid", **here, **facts),
        Meeting(id="2", group="aa", mode="in_person", tags=["secular"], **here, **facts),
        Meeting(id="3", group="aa", mode="in_person", **far, **facts),
        Meeting(id="4", group="smart", mode="online", **facts),
    ]
    directory = Directory(held)
    near = MeetingQuery(at=at, within_km=20, groups=["na"], limit=1, hours=1, **here)
    found = directory.availability(near, groups)
    assert list(found) == list(groups)
    counts = {g: (a.in_person, a.online) for g, a in found.items() if a.is_in_reach}
    assert counts == {"aa": (1, 0), "aa_secular": (1, 0), "lifering": (1, 1), "smart": (0, 1)}
    online = directory.availability(evolve(near, modes=["online"]), groups.values())
    assert {g for g, a in online.items() if a.is_in_reach} == {"lifering", "smart"}
    assert directory.availability(MeetingQuery(at=at), groups)["aa"].in_person == 2
