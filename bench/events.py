"""What one step of a person's state costs, beside a bare dictionary update of the same fields.

The dictionary holds the state's fields with a dictionary for each part and record in them. The
update makes a new one, as a step does, parts and records included, of values that are ready; it
looks nothing up, checks nothing and decides nothing. A second ratio is to merging whole values
that are ready already.
"""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from timeit import Timer
from typing import get_args

import attrs

from mshg.domain import FrozenMapping
from mshg.events import (
    AttendancePlanned,
    Attended,
    CheckIn,
    ConsentChanged,
    DangerReported,
    EnvironmentChanged,
    Event,
    FollowUp,
    GoalClosed,
    GoalSet,
    GroupChanged,
    GroupChosen,
    InstrumentScored,
    Missed,
    PersonState,
    ProviderActivity,
    ReadingDone,
    RecoveryGoalChanged,
    ReferralAnswered,
    ReferralClosed,
    ReferralStepDone,
    Referred,
    RelationshipChanged,
    Retracted,
    RoleChanged,
    StepWorked,
    SubstanceUse,
    SupporterAnswered,
    SupporterContact,
    SupporterOffered,
    Tested,
    TreatmentChanged,
    apply,
)

START = datetime(2026, 1, 1, 9, tzinfo=UTC)
FIELDS: dict[type[Event], dict[str, object]] = {
    Referred: {"groups": ["aa", "smart"]},
    ReferralAnswered: {"answer": "accepted"},
    ReferralStepDone: {"step": "offer_choice"},
    ReferralClosed: {"outcome": "engaged"},
    SupporterOffered: {"supporter_id": "s1", "role": "first_friend"},
    SupporterAnswered: {"supporter_id": "s1", "answer": "accepted"},
    SupporterContact: {"supporter_id": "s1"},
    AttendancePlanned: {"meeting": "m1"},
    GroupChosen: {"group": "aa"},
    GroupChanged: {"group": "smart"},
    ConsentChanged: {"change": "given", "discloser": "d", "recipient": "r", "purpose": "p"},
    Attended: {"group": "aa", "meeting": "m1"},
    Missed: {"meeting": "m1"},
    RoleChanged: {"role": "sponsor", "change": "taken", "group": "aa"},
    StepWorked: {"step": 1},
    ReadingDone: {},
    GoalSet: {"description": "d"},
    GoalClosed: {"goal_id": "e12", "met": True},
    CheckIn: {
        "abstinent": True,
        **dict.fromkeys(("stress", "craving", "confidence", "mood", "willingness"), 5),
    },
    SubstanceUse: {"substance": "alcohol"},
    Tested: {"result": "negative"},
    TreatmentChanged: {"kind": "medication", "change": "started", "name": "n"},
    RecoveryGoalChanged: {"goal": "abstinence"},
    DangerReported: {"danger": "withdrawal"},
    RelationshipChanged: {"change": "support", "other_id": "o1"},
    EnvironmentChanged: {"area": "work", "change": "gained"},
    InstrumentScored: {"instrument": "barc_10", "score": 40},
    FollowUp: {"status": "planned"},
    ProviderActivity: {"activity": "contact_made", "provider_id": "v1"},
}


def event(kind: type[Event], number: int) -> Event:
    given = {"id": f"e{number}", "at": START + timedelta(hours=number), **FIELDS[kind]}
    if kind is not ProviderActivity:
        given["person_id"] = "p1"
    return kind(**given)


def state_after(rounds: int) -> tuple[PersonState, int]:
    """A person of whom everything has happened so many times."""
    state, number = PersonState(), 0
    for _ in range(rounds):
        for kind in FIELDS:
            state = apply(state, event(kind, number))
            number += 1
    return state, number


def update(before: object, after: object, ready: list[object]) -> str:
    """Source text that makes the new value of a field as dictionaries and tuples do."""
    if after is before or not (attrs.has(type(after)) or isinstance(after, tuple | FrozenMapping)):
        ready.append(after)
        return f"r[{len(ready) - 1}]"
    if isinstance(after, FrozenMapping):
        new = {k: v for k, v in after.items() if k not in before or before[k] is not v}
        ready += [dict(before), *new]
        at = len(ready) - len(new)
        values = [update(None, value, ready) for value in new.values()]
        items = ", ".join(f"r[{at + i}]: {value}" for i, value in enumerate(values))
        return f"r[{at - 1}] | {{{items}}}"
    if isinstance(after, tuple):
        new = [v for v in after if not any(v is b for b in before or ())]
        ready.append(tuple(v for v in after if any(v is b for b in before or ())))
        at = len(ready) - 1
        return f"(*r[{at}], {''.join(update(None, v, ready) + ', ' for v in new)})"
    known = {} if before is None else vars(before)
    new = {n: v for n, v in vars(after).items() if n not in known or known[n] is not v}
    items = ", ".join(f"{n!r}: {update(known.get(n), v, ready)}" for n, v in new.items())
    if before is None:
        return f"{{{items}}}"
    ready.append(known)
    return f"r[{len(ready) - 1}] | {{{items}}}"


def seconds(call: Callable[[], object]) -> float:
    timer = Timer(call)
    count, _ = timer.autorange()
    return min(timer.repeat(3, max(1, count // 20))) / max(1, count // 20)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    assert set(FIELDS) == set(get_args(Event)) - {Retracted}
    state, number = state_after(3)
    before = vars(state)
    print(f"{'event':22}{'step, µs':>10}{'update, µs':>12}{'ratio':>8}{'to ready values':>17}")
    worst = 0.0
    for kind in FIELDS:
        this = event(kind, number)
        after = vars(apply(state, this))
        new = {name: value for name, value in after.items() if value is not before[name]}
        ready: list[object] = []
        items = ", ".join(f"{n!r}: {update(before[n], v, ready)}" for n, v in new.items())
        bare = eval(f"lambda: before | {{{items}}}", {"before": before, "r": ready})  # noqa: S307
        rounds = [
            (
                seconds(lambda this=this: apply(state, this)),
                seconds(bare),
                seconds(lambda new=new: before | new),
            )
            for _ in range(given.rounds)
        ]
        step, dictionary, _ = (median(column) for column in zip(*rounds, strict=True))
        ratio, whole = (median(r[0] / r[i] for r in rounds) for i in (1, 2))
        worst = max(worst, ratio)
        print(
            f"{kind.__name__:22}{step * 1e6:10.2f}{dictionary * 1e6:12.2f}{ratio:8.1f}{whole:17.1f}"
        )
    print(f"the costliest is {worst:.1f} times its update; asked for: 15")


if __name__ == "__main__":
    main()
