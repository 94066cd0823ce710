"""Why these two, and why nobody yet, in words.

Sentences are read by the person, so they tell nothing of another: not what a supporter has lived
through, who they are, whom they go along with, nor who said no. What may be said is what an
introduction is for: a group, a language, times and a way to meet.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, time
from typing import NamedTuple

import numpy as np

from mshg._arrays import Booleans
from mshg._requests import PairingRequest
from mshg.domain import SupporterProfile, Window
from mshg.pairing.encoding import IN_PERSON, ONLINE, Spans, free_spans, is_alike, offset_minutes
from mshg.pairing.kernels import kilometers
from mshg.pairing.parameters import MOST_MINUTES, Constraint
from mshg.pairing.sides import Sides
from mshg.wording import Wording

KM_PER_MILE = 1.609344  # the international mile, exactly
SHOWN_TIMES = 2
EVENING = 17 * 60
LONGEST_VISIT = 180
_DAY = 24 * 60
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

LIGHTEST_FIRST = (
    Constraint.FREE_TIME,
    Constraint.DISTANCE,
    Constraint.LANGUAGE,
    Constraint.GROUP,
    Constraint.ROLE,
    Constraint.PERSONS_WISH,
    Constraint.NOT_WITH,
    Constraint.PAUSE,
    Constraint.CONSENT,
    Constraint.SUPPORTERS_WISH,
)
"""Constraints by what it takes to change them, the least first (judgment): what a person can do
alone, then what they would give up, then what only others can do."""

_THEIRS = (Constraint.PAUSE, Constraint.CONSENT)

Value = int | float | str | Window | None


class Finding(NamedTuple):
    """What stopped someone, and the change that would help: whom it brings, and to what value."""

    constraint: Constraint
    supporter: int = -1
    value: Value = None
    online: bool = False


def supporter_name(helper: SupporterProfile, wording: Wording) -> str:
    """What a supporter is called in front of people."""
    if helper.display_name is not None:
        return helper.display_name
    return wording.say(f"pairing.someone_{helper.role}")


def pair_reasons(
    request: PairingRequest, helper: SupporterProfile, ways: int, day: date, wording: Wording
) -> Iterator[str]:
    """Group, language, way to meet, times, and that a wish is met."""
    say, name = wording.say, supporter_name(helper, wording)
    shared = [g for g in request.groups if g in helper.groups]
    if shared:
        is_first = shared[0] == request.groups[0] and len(request.groups) > 1
        key = "pairing.group_first" if is_first else "pairing.group"
        yield say(key, supporter=name, group=_named(shared[0], request))
    spoken = [w for w in sorted(request.languages) if any(is_alike(w, o) for o in helper.languages)]
    if spoken:
        yield say(
            "pairing.languages", languages=_listed((_language(w, wording) for w in spoken), wording)
        )
    if ways == IN_PERSON | ONLINE:
        yield say("pairing.either_way")
    else:
        yield say("pairing.in_person" if ways & IN_PERSON else "pairing.online")
    if ways & IN_PERSON and request.within_km is not None:
        yield say("pairing.near")
    if request.windows or helper.windows:
        longest = sorted(shared_spans(request, helper, day), key=lambda s: s[0] - s[1])
        times = [_when(span, wording) for span in sorted(longest[:SHOWN_TIMES])]
        yield say("pairing.free", times=_listed(times, wording))
    if request.wanted_identities:
        yield say("pairing.wish")


def shared_spans(request: PairingRequest, helper: SupporterProfile, day: date) -> Spans:
    """When both are free, in minutes of a week on the person's clock."""
    own = free_spans(request.windows, 0)
    return tuple(
        (max(a, c), min(b, d))
        for a, b in own
        for c, d in _on_clock_of(request, helper, day)
        if max(a, c) < min(b, d)
    )


def _on_clock_of(request: PairingRequest, helper: SupporterProfile, day: date) -> Spans:
    """When a supporter is free, on the person's clock."""
    if request.timezone is None or helper.timezone is None:
        return free_spans(helper.windows, 0)
    ahead = offset_minutes(helper.timezone, day) - offset_minutes(request.timezone, day)
    return free_spans(helper.windows, ahead)


def what_stops(
    sides: Sides, person: int, has_room: Booleans, would_get: Callable[[int], bool]
) -> Finding:
    """The constraint that leaves someone without anybody, and the least change that helps.

    A change helps if it alone brings a supporter who has a place; where it is one of the
    supporter's, if nobody else would come first, which ``would_get`` tells.
    """
    if not len(sides.helpers):
        return Finding(Constraint.LISTED)
    everybody = np.arange(len(sides.helpers))
    shared = sides.shared(np.array([person]), everybody)
    met = np.array(
        [np.broadcast_to(c, (1, len(everybody)))[0] for c in shared.constraints.values()]
    )
    names = list(shared.constraints)
    missing = np.count_nonzero(~met, axis=0)
    liking = sides.row(person).liking
    alone: list[Constraint] = []
    for constraint in LIGHTEST_FIRST:
        only = (missing == 1) & ~met[names.index(constraint)]
        if not only.any():
            continue
        alone.append(constraint)
        open_ = np.flatnonzero(only & has_room)
        for j in open_[np.lexsort((open_, -liking[open_]))].tolist():
            found = _change(sides, person, int(j), constraint)
            if found is not None and (constraint not in _THEIRS or would_get(int(j))):
                return found
    if alone:
        return Finding(alone[0])
    nearest = int(np.argmin(missing))
    return Finding(names[int(np.argmin(met[:, nearest]))])


def _change(  # noqa: PLR0911 (a case a constraint)
    sides: Sides, person: int, j: int, constraint: Constraint
) -> Finding | None:
    """How one constraint would have to change to bring a supporter; None where it can't so."""
    request, helper = sides.requests[person], sides.helpers[j]
    match constraint:
        case Constraint.FREE_TIME:
            window = _window_for(request, helper, sides)
            return None if window is None else Finding(constraint, j, window)
        case Constraint.DISTANCE:
            return _nearer(sides, person, j)
        case Constraint.LANGUAGE:
            return Finding(constraint, j, min(helper.languages))
        case Constraint.GROUP:
            return Finding(constraint, j, min(helper.groups))
        case Constraint.ROLE:
            return Finding(constraint, j, helper.role.value)
        case Constraint.PERSONS_WISH:
            unmet = request.wanted_identities - helper.identities
            return Finding(constraint, j, min(unmet)) if len(unmet) == 1 else None
        case Constraint.PAUSE | Constraint.CONSENT:
            return Finding(constraint, j)
        case _:  # nobody is asked to take back a no or a wish
            return None


def _window_for(request: PairingRequest, helper: SupporterProfile, sides: Sides) -> Window | None:
    """A stretch in which the supporter is free for long enough: in an evening, if there is one."""
    least = sides.parameters.least_minutes
    free = [s for s in _on_clock_of(request, helper, sides.day) if s[1] - s[0] >= least]
    evenings = [(max(a, a - a % _DAY + EVENING), b) for a, b in free]
    fits = [s for s in evenings if s[1] - s[0] >= least] or free
    if not fits:
        return None
    start, stop = fits[0]
    stop = min(stop, start + max(least, LONGEST_VISIT))
    if stop - start > _DAY:
        return None
    return Window(weekday=start // _DAY, start=_clock(start), until=_clock(stop))


def _clock(minute: int) -> time:
    return time(*divmod(minute % _DAY, 60))


def _nearer(sides: Sides, person: int, j: int) -> Finding | None:
    """A longer way for the person, or meeting online, where the supporter would."""
    p, s = sides.people, sides.supporters
    km = float(kilometers(p.places[:, person], s.places[:, j]))
    goes = p.ways[person] & s.ways[j] & IN_PERSON
    if goes and km <= s.within[j]:
        return Finding(Constraint.DISTANCE, j, float(np.ceil(km)))
    if s.ways[j] & ONLINE and not p.ways[person] & ONLINE:
        return Finding(Constraint.DISTANCE, j, online=True)
    return None


def stop_line(constraint: Constraint, request: PairingRequest, wording: Wording) -> str:
    """What stopped someone."""
    return wording.say(
        f"pairing.none_{constraint}",
        role=wording.label(min(request.roles)),
        languages=_listed((_language(w, wording) for w in sorted(request.languages)), wording),
        groups=_listed((_named(g, request) for g in request.groups), wording),
    )


def change_line(finding: Finding, sides: Sides, wording: Wording) -> str:
    """What would help someone. A group is named as anybody's request names it."""
    value = finding.value
    key = f"pairing.change_{finding.constraint}"
    helper = sides.helpers[finding.supporter]
    shown = {"supporter": supporter_name(helper, wording)}
    match finding.constraint:
        case Constraint.FREE_TIME if isinstance(value, Window):
            start, until = (t.hour * 60 + t.minute for t in (value.start, value.until))
            start, length = value.weekday * _DAY + start, (until - start) % _DAY or _DAY
            shown["value"] = _when((start, start + length), wording)
        case Constraint.DISTANCE:
            key += "_online" if finding.online else ""
            km = value if isinstance(value, float) else 0.0
            shown |= {"value": f"{km:.0f}", "miles": f"{km / KM_PER_MILE:.0f}"}
        case Constraint.LANGUAGE:
            shown["value"] = _language(str(value), wording)
        case Constraint.GROUP:
            naming = (r for r in sides.requests if value in r.group_names)
            shown["value"] = _named(str(value), next(naming, sides.requests[0]))
        case Constraint.ROLE:
            shown["value"] = wording.label(helper.role)
        case Constraint.CAPACITY:
            key += "" if value == 1 else "_more"
            shown["value"] = str(value)
        case _:
            shown["value"] = str(value)
    return wording.say(key, **shown)


def _named(group: str, request: PairingRequest) -> str:
    return request.group_names.get(group, group)


def _language(tag: str, wording: Wording) -> str:
    key = f"language.{tag.split('-', maxsplit=1)[0].casefold()}"
    return wording.say(key) if wording.has(key) else tag


def _listed(words: Iterable[str], wording: Wording) -> str:
    listed = list(words)
    if len(listed) == 2:
        return wording.say("pairing.two", one=listed[0], other=listed[1])
    return ", ".join(listed)


def _when(span: tuple[int, int], wording: Wording) -> str:
    """A stretch in words, on the person's clock."""
    start, stop = span
    if stop - start >= MOST_MINUTES:
        return wording.say("pairing.any_time")
    return wording.say(
        "pairing.when",
        weekday=wording.say(f"weekday.{_WEEKDAYS[start // _DAY % 7]}"),
        start=f"{_clock(start):%H:%M}",
        until=f"{_clock(stop):%H:%M}",
    )
