"""Small worlds of requests and supporters in which most constraints matter.

A record is drawn by one number, so that thousands of worlds are quickly made; number 0 leaves out
all that may be left out, which is what Hypothesis shrinks to.
"""

from datetime import date, timedelta
from random import Random

from hypothesis import strategies as st

from mshg import SupporterProfile
from mshg.pairing import PairingRequest

DAY = date(2026, 11, 24)
GROUPS = ["aa", "na", "smart"]
WINDOWS = [
    (1, "18:00", "20:00"),
    (1, "19:00", "21:30"),
    (5, "23:00", "02:00"),
    (2, "18:00", "18:30"),
]
PLACES = [(None, None), (40.0, -75.0), (40.1, -75.0), (41.0, -75.0)]
ZONES = [None, "America/New_York", "America/Chicago"]
SEEDS = st.one_of(st.just(0), st.integers(1, 10_000))


def some(random, words):
    return random.sample(words, random.choice([0, 0, 1, 2]))


def facts(random):
    """What both sides may say."""
    latitude, longitude = random.choice(PLACES)
    return {
        "groups": some(random, GROUPS),
        "languages": some(random, ["en", "es", "zh", "zh-Hant"]),
        "modes": some(random, ["in_person", "online", "hybrid"]),
        "windows": some(random, WINDOWS),
        "timezone": random.choice(ZONES),
        "latitude": latitude,
        "longitude": longitude,
        "within_km": random.choice([None, None, 20.0]) if latitude else None,
        "substances": some(random, ["alcohol", "opioids", "cocaine"]),
        "medication_for_addiction": random.choice([None, True, False]),
        "identities": some(random, ["woman", "veteran"]),
    }


def request(seed, person="p", *, is_simple=False):
    """One person's request; a simple one asks for little, so that people compete."""
    random = Random(seed)  # noqa: S311 (made-up people)
    if not seed:
        return PairingRequest(person=person)
    waited = random.choice([None, 0, 3, 3, 40])
    since = None if waited is None else DAY - timedelta(waited)
    stated = facts(random)
    if is_simple:
        few = {name: stated[name] for name in ("groups", "substances")}
        return PairingRequest(person=person, waiting_since=since, **few)
    return PairingRequest(
        person=person,
        **stated,
        roles=random.choice([["first_friend"], ["first_friend", "recovery_coach"]]),
        wanted_identities=random.choice([[], [], [], ["woman"]]),
        waiting_since=since,
        not_with=random.choice([[], [], [], ["s0"], ["s1", "s9"]]),
    )


def supporter(seed, id_="s", *, is_simple=False):
    """One supporter; most can be proposed."""
    random = Random(seed)  # noqa: S311 (made-up people)
    if not seed:
        return SupporterProfile(id=id_, capacity=1, consented_on=DAY)
    stated, capacity = facts(random), random.choice([0, 1, 1, 2])
    if is_simple:
        few = {name: stated[name] for name in ("groups", "substances")}
        return SupporterProfile(id=id_, capacity=capacity, consented_on=DAY, **few)
    return SupporterProfile(
        id=id_,
        **stated,
        role=random.choice(["first_friend", "first_friend", "recovery_coach"]),
        display_name=random.choice([None, "Lee", "Ana B."]),
        accompanies=random.choice([[], [], [], ["woman"]]),
        capacity=capacity,
        consented_on=random.choice([DAY, DAY, DAY, None, DAY + timedelta(1)]),
        paused_until=random.choice([None, None, DAY, DAY + timedelta(1)]),
    )


@st.composite
def requests(draw, person="p"):
    return request(draw(SEEDS), person, is_simple=draw(st.booleans()))


@st.composite
def supporters(draw, id_="s"):
    return supporter(draw(SEEDS), id_, is_simple=draw(st.booleans()))


@st.composite
def worlds(draw, people=7, helpers=4):
    """Both sides."""
    is_simple = draw(st.booleans())
    seeds = st.lists(SEEDS, max_size=people), st.lists(SEEDS, max_size=helpers)
    return (
        [request(s, f"p{i}", is_simple=is_simple) for i, s in enumerate(draw(seeds[0]))],
        [supporter(s, f"s{j}", is_simple=is_simple) for j, s in enumerate(draw(seeds[1]))],
    )


WORLDS = worlds()
