"""Forty made-up people who would like someone to go along, and nine who would go.

    python examples/pairing.py
    python examples/pairing.py --all

Prints what some of them would read, who is left and what would help, what happens after a no, and
the records to append. Nobody here exists.
"""

import argparse
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from mshg import MeetingPreferences, Person, SupporterProfile, catalog, pairing

TODAY = date(2026, 12, 1)
EVENINGS = {
    "early": [(0, "17:00", "20:00"), (2, "17:00", "20:00")],
    "late": [(1, "19:00", "22:00"), (3, "19:00", "22:00")],
    "weekend": [(5, "09:00", "13:00"), (6, "15:00", "19:00")],
    "noon": [(0, "11:30", "13:30"), (4, "11:30", "13:30")],
}
Facts = dict[str, Any]
HERE: Facts = {"timezone": "America/Chicago"}
TOWN: Facts = {"latitude": 39.80, "longitude": -89.64}  # a town, a suburb and a village
SUBURB: Facts = {"latitude": 39.85, "longitude": -89.60}
VILLAGE: Facts = {"latitude": 40.15, "longitude": -89.36}


def supporters() -> list[SupporterProfile]:
    """Nine members and one thing that is true of each."""
    agreed: Facts = {"consented_on": date(2026, 9, 14), **HERE}
    return [
        SupporterProfile(
            id="s1",
            display_name="Lee",
            groups=["aa"],
            languages=["en"],
            windows=EVENINGS["early"] + EVENINGS["late"],
            substances=["alcohol"],
            capacity=4,
            within_km=20,
            **TOWN,
            **agreed,
        ),
        SupporterProfile(
            id="s2",
            display_name="Ana B.",
            groups=["aa", "na"],
            languages=["en", "es"],
            windows=EVENINGS["late"] + EVENINGS["weekend"],
            substances=["alcohol", "cocaine"],
            identities=["woman"],
            capacity=4,
            within_km=20,
            **SUBURB,
            **agreed,
        ),
        SupporterProfile(
            id="s3",
            display_name="Sam",
            groups=["na"],
            windows=EVENINGS["late"],
            substances=["opioids"],
            medication_for_addiction=True,
            capacity=3,
            **TOWN,
            **agreed,
        ),
        SupporterProfile(
            id="s4",
            display_name="Kim",
            groups=["smart"],
            modes=["online"],
            windows=EVENINGS["early"] + EVENINGS["noon"],
            substances=["cannabis", "alcohol"],
            capacity=5,
            **agreed,
        ),
        SupporterProfile(
            id="s5",
            display_name="Maria",
            groups=["wfs", "aa"],
            languages=["en"],
            windows=EVENINGS["weekend"] + EVENINGS["early"],
            substances=["alcohol"],
            identities=["woman"],
            accompanies=["woman"],
            capacity=3,
            within_km=30,
            **TOWN,
            **agreed,
        ),
        SupporterProfile(
            id="s6",
            display_name="Joe T.",
            groups=["lifering", "smart"],
            windows=EVENINGS["late"] + EVENINGS["weekend"],
            substances=["methamphetamine"],
            capacity=3,
            **SUBURB,
            **agreed,
        ),
        SupporterProfile(
            id="s7",
            display_name="Dana",
            groups=["aa"],
            windows=EVENINGS["noon"],
            substances=["alcohol"],
            capacity=2,
            within_km=10,
            **VILLAGE,
            **agreed,
        ),
        SupporterProfile(
            id="s8",
            display_name="Vic",
            groups=["na"],
            windows=EVENINGS["early"],
            capacity=3,
            paused_until=date(2027, 1, 4),
            **TOWN,
            **agreed,
        ),
        SupporterProfile(
            id="s9", display_name="Pat", groups=["aa"], capacity=3, **TOWN, **HERE
        ),  # has not agreed to be named
    ]


def requests() -> list[pairing.PairingRequest]:
    """Forty people: each wish in turn, so that no two are quite alike."""
    groups = catalog.load()
    wanted = [["aa", "smart"], ["na"], ["smart", "lifering"], ["aa"], ["wfs", "aa"], ["na", "aa"]]
    substances = [["alcohol"], ["opioids"], ["cannabis"], ["alcohol", "cocaine"], ["alcohol"]]
    times = ["late", "early", "weekend", "noon"]
    found = []
    for i in range(40):
        woman = i % 3 == 1
        person = Person(
            id=f"p{i + 1:02}",
            substances=substances[i % 5],
            medication_for_addiction=True if i % 5 == 1 else None,
            identities=["woman"] if woman else [],
            preferences=MeetingPreferences(
                modes=["online"] if i % 11 == 6 else ["in_person"] if i % 4 == 0 else [],
                languages=["es"] if i % 13 == 5 else ["en"],
            ),
        )
        found.append(
            pairing.PairingRequest.from_person(
                person,
                groups=[groups[key] for key in wanted[i % 6]],
                windows=EVENINGS[times[i % 4]] + EVENINGS[times[(i + 1 + i // 4) % 4]],
                wanted_identities=["woman"] if i % 6 == 4 and woman else (),
                waiting_since=TODAY - timedelta(days=(7 * i) % 23),
                within_km=15 if i % 2 else 25,
                **(VILLAGE if i % 7 == 3 else SUBURB if i % 2 else TOWN),
                **HERE,
            )
        )
    return found


def read_out(found: pairing.Pairing, people: list[str]) -> None:
    """What these people would read."""
    names = {s.id: s.display_name for s in found.supporters}
    for pair in found.pairs:
        if pair.person in people:
            print(f"{pair.person}: may we introduce you to {names[pair.supporter]}?")
            print(f"     {' '.join(pair.reasons)}")
    for left in found.unmatched:
        if left.person in people:
            print(f"{left.person}: {left.reason}")
            if left.change is not None:
                print(f"     {left.change.sentence}")


def main() -> None:
    """Match, read out, take a no, repair, and make the records."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--all", action="store_true", help="print the page for staff as well")
    given = parser.parse_args()

    found = pairing.match(requests(), supporters(), as_of=TODAY)
    print(f"{len(found.pairs)} of 40 people can be introduced to someone; {found.certificate}")
    read_out(found, [request.person for request in found.requests[:10]])

    declined = found.pairs[0]
    after = pairing.repair(
        found, [pairing.PairDeclined(declined.person, declined.supporter)], as_of=TODAY
    )
    print(f"\n{declined.person} would rather not. What changes:")
    for move in after.moved:
        print(f"  {move.person}: {move.from_supporter} -> {move.to_supporter} ({move.cause})")
    print(f"A fresh match would give {after.fresh_gain} people someone they like better.")

    ids = (f"e{i}" for i in count(1))
    at = datetime(2026, 12, 1, 15, tzinfo=UTC)
    records = found.offered(at=at, new_id=lambda: next(ids))
    print(f"\n{len(records)} records to append first; after the no, ", end="")
    print(f"{len(after.offered(at=at, new_id=lambda: next(ids)))} more.")
    if given.all:
        print(f"\n{found.to_text()}")


if __name__ == "__main__":
    main()
