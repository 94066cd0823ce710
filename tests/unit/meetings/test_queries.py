"""What a query takes, what it refuses, and what it reads of a person."""

from datetime import UTC, datetime, time

import pytest

from mshg import MeetingPreferences, Person, _zones
from mshg.domain import Window
from mshg.errors import ValidationError, ZoneDataError
from mshg.meetings import MeetingQuery

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def refused(**facts):
    with pytest.raises(ValidationError) as caught:
        MeetingQuery(**{"at": AT} | facts)
    assert "7319" not in str(caught.value)
    return [problem.path for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("path", "facts"),
    [
        ("$.groups[1]", {"groups": ["aa", 7319]}),
        ("$.groups", {"groups": "aa"}),
        ("$.latitude", {"latitude": 7319, "longitude": 0}),
        ("$.latitude", {"latitude": 1}),
        ("$.latitude", {"longitude": 1}),
        ("$.longitude", {"latitude": 0, "longitude": 7319}),
        ("$.within_km", {"within_km": 5}),
        ("$.within_km", {"within_km": -7319, "latitude": 0, "longitude": 0}),
        ("$.within_km", {"within_km": float("nan"), "latitude": 0, "longitude": 0}),
        ("$.travel_speed_kmh", {"travel_speed_kmh": 5}),
        ("$.travel_speed_kmh", {"travel_speed_kmh": 0, "latitude": 0, "longitude": 0}),
        ("$.timezone", {"timezone": "Mars/7319"}),
        ("$.timezone", {"timezone": 7319}),
        ("$.timezone", {"timezone": " "}),
        ("$.windows[0]", {"windows": [(7319, "18:00", "20:00")]}),
        ("$.windows[0]", {"windows": [(0, "18 7319", "20:00")]}),
        ("$.windows[1]", {"windows": [(0, "18:00", "20:00"), "7319"]}),
        ("$.windows", {"windows": 7319}),
        ("$.at", {"at": datetime(2026, 1, 1)}),  # noqa: DTZ001 (that is the point)
        ("$.at", {"at": "2026"}),
        ("$.at", {"at": datetime(1800, 1, 1, tzinfo=UTC)}),
        ("$.hours", {"hours": -1}),
        ("$.hours", {"hours": 8_785}),
        ("$.modes[*]", {"modes": ["7319"]}),
        ("$.all_tags[*]", {"all_tags": ["T 7319"]}),
        ("$.any_tags", {"any_tags": "women"}),
        ("$.no_tags[*]", {"no_tags": [7319]}),
        ("$.languages[*]", {"languages": [7319]}),
        ("$.barriers[*]", {"barriers": ["7319"]}),
        ("$.limit", {"limit": 0}),
        ("$.limit", {"limit": 2.0}),
    ],
)
def test_what_is_refused(path, facts):
    assert refused(**facts) == [path]


def test_all_problems_at_once():
    assert refused(hours=-1, limit=0) == ["$.hours", "$.limit"]
    with pytest.raises(ValidationError) as caught:
        Window(weekday=7, start="x", until=3)
    assert len(caught.value.problems) == 3


def test_windows_in_every_shape():
    given = [
        Window(weekday=0, start=time(18), until="20:00"),
        (0, "18:00", time(20)),
        [0, "18:00", "20:00"],
    ]
    query = MeetingQuery(at=AT, windows=given)
    assert len(set(query.windows)) == 1
    assert repr(query.windows[0]) == "Window(…)"


def test_a_window_may_end_at_24():
    evening = Window(weekday=0, start="18:00", until="24:00")
    assert evening == Window(weekday=0, start="18:00", until="00:00")
    assert refused(windows=[(0, "24:00", "23:00")]) == ["$.windows[0]"]


def test_a_person_tells_preferences_and_barriers():
    wanted = MeetingPreferences(
        modes=["online"],
        weekdays=[6, 2],
        all_tags=["a"],
        any_tags=["b"],
        no_tags=["c"],
        languages=["es"],
    )
    person = Person(id="1", preferences=wanted, barriers=["transport"])
    query = MeetingQuery.from_person(person, at=AT, groups=["aa"])
    assert [(w.weekday, w.start, w.until) for w in query.windows] == [
        (2, time(), time()),
        (6, time(), time()),
    ]
    assert (query.modes, query.languages) == (wanted.modes, wanted.languages)
    assert (query.all_tags, query.any_tags, query.no_tags) == ({"a"}, {"b"}, {"c"})
    assert query.lifts_online
    assert (query.groups, query.limit, query.hours) == (("aa",), 10, 168)
    free = [(0, "18:00", "20:00")]
    query = MeetingQuery.from_person(person, at=AT, windows=free, limit=3, timezone="UTC")
    assert ([w.weekday for w in query.windows], query.limit, query.timezone) == ([0], 3, "UTC")
    with pytest.raises(ValidationError):
        MeetingQuery.from_person("7319", at=AT)


def test_a_machine_without_zones(monkeypatch):
    _zones.zone_problems.cache_clear()
    monkeypatch.setattr(_zones, "_is_known", lambda _: False)
    with pytest.raises(ZoneDataError, match=r"mshg\[tz\]"):
        MeetingQuery(at=AT, timezone="Europe/Berlin")
    _zones.zone_problems.cache_clear()
