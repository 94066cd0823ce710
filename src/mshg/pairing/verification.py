"""A second opinion on a pairing: everything counted anew from the records, in plain Python.

Nothing here is shared with `match` but the records and the numbers of `PairingParameters`.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from math import asin, cos, hypot, radians, sin
from typing import NamedTuple
from zoneinfo import ZoneInfo

from mshg._checks import enforce, instance
from mshg._requests import PairingRequest
from mshg.domain import MeetingMode, SupporterProfile, Window
from mshg.pairing.parameters import (
    EARTH_RADIUS_KM,
    STEPS,
    PairingParameters,
    Weights,
)
from mshg.pairing.results import Certificate, Pair, Pairing

_WEEK = 7 * 24 * 60
_PLACES = {MeetingMode.IN_PERSON: {"here"}, MeetingMode.ONLINE: {"online"}}
_PLACES |= {MeetingMode.HYBRID: {"here", "online"}, MeetingMode.INACTIVE: set()}


def verify(
    pairing: Pairing,
    requests: Iterable[PairingRequest],
    supporters: Iterable[SupporterProfile],
    *,
    keep: Iterable[Pair | tuple[str, str]] = (),
) -> Certificate:
    """Count what is wrong with a pairing, from the records alone.

    It looks at every person with every supporter, one by one, so it takes a while for thousands.

    Parameters
    ----------
    pairing
        Who has whom, on which day, by which parameters.
    requests, supporters
        Those of today; after a `repair`, ``pairing.requests`` and ``pairing.supporters``.
    keep
        Pairs in touch, whom nobody may break.

    Raises
    ------
    ValidationError
        What is given is no pairing.

    Examples
    --------
    >>> from datetime import date
    >>> from mshg import Person, SupporterProfile, pairing
    >>> requests = [pairing.PairingRequest(person=str(i)) for i in range(3)]
    >>> lee = SupporterProfile(id="s1", capacity=2, consented_on=date(2026, 11, 2))
    >>> found = pairing.match(requests, [lee], as_of=date(2026, 11, 24))
    >>> pairing.verify(found, requests, [lee]).is_stable
    True
    """
    enforce(pairing=instance(Pairing)(pairing))
    people = {r.person: _Person.of(i, r, pairing) for i, r in enumerate(requests)}
    helpers = {h.id: _Helper.of(j, h, pairing.as_of) for j, h in enumerate(supporters)}
    kept = {(k.person, k.supporter) if isinstance(k, Pair) else (k[0], k[1]) for k in keep}
    has = {pair.person: pair.supporter for pair in pairing.pairs}
    waiting = {r.person for r, only in zip(pairing.requests, pairing.settled, strict=True) if only}
    audit = _Audit(people, helpers, has, {p for p, s in kept if has.get(p) == s}, waiting)
    return audit.certificate(pairing.parameters)


class _Person(NamedTuple):
    """A request, its place in the line, and when it is free, a bit a minute."""

    request: PairingRequest
    line: tuple[int, int]
    waited: int
    clock: int
    utc: int

    @classmethod
    def of(cls, i: int, request: PairingRequest, pairing: Pairing) -> "_Person":
        """Read a request."""
        day = pairing.as_of
        since = day if request.waiting_since is None else request.waiting_since
        return cls(
            request,
            (since.toordinal(), i),
            max((day - since).days, 0),
            _minutes(request.windows, None, day),
            _minutes(request.windows, request.timezone, day),
        )


class _Helper(NamedTuple):
    """A profile, its place among all, whether it may be proposed, and when it is free."""

    profile: SupporterProfile
    number: int
    is_here: bool
    clock: int
    utc: int

    @classmethod
    def of(cls, j: int, profile: SupporterProfile, day: date) -> "_Helper":
        """Read a profile."""
        agreed, back = profile.consented_on, profile.paused_until
        return cls(
            profile,
            j,
            agreed is not None and agreed <= day and (back is None or back <= day),
            _minutes(profile.windows, None, day),
            _minutes(profile.windows, profile.timezone, day),
        )


class _Audit(NamedTuple):
    """Everything that is looked at: both sides by id, who has whom, who is kept, who waits."""

    people: dict[str, _Person]
    helpers: dict[str, _Helper]
    has: dict[str, str]
    kept: set[str]
    waiting: set[str]

    def certificate(self, numbers: PairingParameters) -> Certificate:
        """Count."""
        holds: dict[str, list[str]] = {h: [] for h in self.helpers}
        for person, supporter in self.has.items():
            holds.setdefault(supporter, []).append(person)
        against = sum(not self.may_be(p, s, numbers) for p, s in self.has.items())
        over = sum(
            max(len(held) - self.helpers[s].profile.capacity, 0)
            for s, held in holds.items()
            if s in self.helpers
        )
        found = [
            is_apart
            for helper in self.helpers.values()
            for is_apart in self.blocking(helper, holds[helper.profile.id], numbers)
        ]
        return Certificate(
            blocking=found.count(False),
            blocking_kept=found.count(True),
            over_capacity=over,
            against_constraint=against,
        )

    def may_be(self, person: str, supporter: str, numbers: PairingParameters) -> bool:
        """Whether a pair breaks no constraint; of a person without a request, the supporter's."""
        helper = self.helpers.get(supporter)
        if helper is None:
            return False
        known = self.people.get(person)
        return helper.is_here if known is None else _fits(known, helper, numbers)

    def blocking(
        self, helper: _Helper, held: list[str], numbers: PairingParameters
    ) -> Iterable[bool]:
        """Everybody with whom a supporter blocks: whether only a protected place is between."""
        if not helper.is_here:
            return
        has_room = len(held) < helper.profile.capacity
        liked = {
            p: (_liking(numbers.supporter_weights, self.people[p], helper, numbers), self.people[p])
            for p in held
            if p in self.people
        }
        order = {p: (-liking, known.line) for p, (liking, known) in liked.items()}
        free = [place for p, place in order.items() if p not in self.kept]
        for name, person in self.people.items():
            if self.has.get(name) == helper.profile.id or not _fits(person, helper, numbers):
                continue
            if not self.prefers(name, person, helper, numbers):
                continue
            own = (-_liking(numbers.supporter_weights, person, helper, numbers), person.line)
            if has_room or any(own < place for place in order.values()):
                is_free = has_room or (
                    name not in self.waiting and any(own < place for place in free)
                )
                yield name in self.kept or not is_free

    def prefers(
        self, name: str, person: _Person, helper: _Helper, numbers: PairingParameters
    ) -> bool:
        """Whether someone would rather have this supporter than their own."""
        own = self.helpers.get(self.has.get(name, ""))
        if own is None or not _fits(person, own, numbers):
            return True
        weights = numbers.person_weights
        this, that = (_liking(weights, person, h, numbers) for h in (helper, own))
        return (-this, helper.number) < (-that, own.number)


def _fits(person: _Person, helper: _Helper, numbers: PairingParameters) -> bool:
    """Whether the two may be a pair."""
    request, profile = person.request, helper.profile
    groups = set(request.groups)
    return (
        helper.is_here
        and profile.role in request.roles
        and profile.id not in request.not_with
        and not (groups and profile.groups and groups.isdisjoint(profile.groups))
        and _share_of_languages(request, profile) != 0
        and request.wanted_identities <= profile.identities
        and not (profile.accompanies and profile.accompanies.isdisjoint(request.identities))
        and bool(_ways(request, profile))
        and _both_free(person, helper) >= numbers.least_minutes
    )


def _liking(weights: Weights, person: _Person, helper: _Helper, numbers: PairingParameters) -> int:
    """What one of the two makes of the other, in millionths."""
    request, profile = person.request, helper.profile
    total = 0.0
    total += weights.shared_group * _group(request, profile)
    total += weights.lived_experience * _experience(request, profile)
    total += weights.language * _share_of_languages(request, profile)
    total += weights.nearness * _nearness(request, profile, numbers.far_km)
    ample, long = numbers.ample_minutes, numbers.long_wait_days
    total += weights.free_time * (min(_both_free(person, helper), ample) / ample)
    total += weights.waiting * (min(person.waited, long) / long)
    return round(total * STEPS)


def _group(request: PairingRequest, profile: SupporterProfile) -> float:
    places = [i for i, g in enumerate(request.groups) if g in profile.groups]
    return 1 / (1 + places[0]) if places else 0.5


def _share_of_languages(request: PairingRequest, profile: SupporterProfile) -> float:
    if not request.languages or not profile.languages:
        return 0.5
    spoken = [f"{tag}-".casefold() for tag in profile.languages]
    wanted = [f"{tag}-".casefold() for tag in request.languages]
    shared = [w for w in wanted if any(w.startswith(s) or s.startswith(w) for s in spoken)]
    return len(shared) / len(wanted)


def _experience(request: PairingRequest, profile: SupporterProfile) -> float:
    parts: list[float] = []
    if request.substances:
        both = len(request.substances & profile.substances)
        parts.append(both / len(request.substances) if profile.substances else 0.5)
    if request.medication_for_addiction:
        has = profile.medication_for_addiction
        parts.append(0.5 if has is None else float(has))
    return sum(parts) / len(parts) if parts else 0.5


def _ways(request: PairingRequest, profile: SupporterProfile) -> set[str]:
    """Here, online or both; here only where the distance is known to suit, or nobody minds."""
    one, other = (
        set().union(*(_PLACES[m] for m in modes)) if modes else {"here", "online"}
        for modes in (request.modes, profile.modes)
    )
    both = one & other
    limits = [km for km in (request.within_km, profile.within_km) if km is not None]
    km = _kilometers(request, profile)
    if limits and (km is None or km > min(limits)):
        both -= {"here"}
    return both


def _nearness(request: PairingRequest, profile: SupporterProfile, far_km: float) -> float:
    if "here" not in _ways(request, profile):
        return 0.0
    km = _kilometers(request, profile)
    return 0.5 if km is None else 1 - min(km, far_km) / far_km


def _kilometers(request: PairingRequest, profile: SupporterProfile) -> float | None:
    if request.latitude is None or profile.latitude is None:
        return None
    ends = []
    for place in (request, profile):
        north, east = radians(place.latitude or 0.0), radians(place.longitude or 0.0)
        ends.append((cos(north) * cos(east), cos(north) * sin(east), sin(north)))
    chord = hypot(*(a - b for a, b in zip(*ends, strict=True)))
    return 2 * EARTH_RADIUS_KM * asin(min(chord / 2, 1))


def _both_free(person: _Person, helper: _Helper) -> int:
    """Minutes of a week that both have."""
    if person.request.timezone is None or helper.profile.timezone is None:
        return (person.clock & helper.clock).bit_count()
    return (person.utc & helper.utc).bit_count()


def _minutes(windows: tuple[Window, ...], zone: str | None, day: date) -> int:
    """Whole minutes of a week inside of windows, each a bit; in UTC where a zone is given."""
    every = (1 << _WEEK) - 1
    if not windows:
        return every
    free = 0
    for window in windows:
        seconds = [3600 * t.hour + 60 * t.minute + t.second for t in (window.start, window.until)]
        first = -(-seconds[0] // 60) if not window.start.microsecond else seconds[0] // 60 + 1
        last = seconds[1] // 60 + (1440 if window.until <= window.start else 0)
        if last > first:
            free |= ((1 << (last - first)) - 1) << (window.weekday * 1440 + first)
    ahead = 0
    if zone is not None:
        noon = datetime.combine(day, time(12), UTC).astimezone(ZoneInfo(zone))
        ahead = round((noon.utcoffset() or noon - noon).total_seconds() / 60)
    free = free << (_WEEK - ahead if ahead > 0 else -ahead)
    while free > every:
        free = (free & every) | (free >> _WEEK)
    return free
