"""What holds of every pairing. Each docstring is a sentence of the docs."""

import itertools
from datetime import UTC, datetime, timedelta

import numpy as np
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from drawn_pairings import DAY, WORLDS, requests, supporters
from mshg import pairing
from mshg.pairing import (
    CapacityChanged,
    Constraint,
    PairDeclined,
    PairingParameters,
    PersonJoined,
    PersonLeft,
    SupporterJoined,
    SupporterLeft,
    Weights,
)

# --- arrays -----------------------------------------------------------------------------------


@st.composite
def arrays(draw, people=4, supporters=4):
    """Up to four people by four supporters, in strict and in tied likings."""
    n, m = draw(st.integers(0, people)), draw(st.integers(0, supporters))
    length = draw(st.integers(0, m))
    lists = [draw(st.permutations(range(m)))[:length] for _ in range(n)]
    lists = [[j if draw(st.integers(0, 4)) else -1 for j in row] for row in lists]
    scores = [[draw(st.integers(0, 3)) for _ in row] for row in lists]
    capacities = draw(st.lists(st.integers(0, 2), min_size=m, max_size=m))
    shape = (n, length)
    return np.array(lists, int).reshape(shape), np.array(scores, int).reshape(shape), capacities


def allowed(lists, capacities):
    """Every assignment that keeps lists and places."""
    for at in itertools.product(*([-1, *[j for j in row if j >= 0]] for row in lists.tolist())):
        if all(at.count(j) <= places for j, places in enumerate(capacities)):
            yield list(at)


def is_stable(lists, scores, capacities, at):
    return not len(pairing.blocking_pairs(lists, scores, capacities, at))


def place_of(row, j):
    return row.index(j) if j >= 0 else len(row)


@given(arrays())
def test_no_person_is_better_off_in_any_other_stable_pairing(drawn):
    """There is no blocking pair, and no person is better off in any other stable pairing."""
    lists, scores, capacities = drawn
    found = pairing.match_arrays(lists, scores, capacities).supporter.tolist()
    stable = [at for at in allowed(lists, capacities) if is_stable(*drawn, at)]
    assert found in stable
    for other in stable:
        for row, mine, theirs in zip(lists.tolist(), found, other, strict=True):
            assert place_of(row, mine) <= place_of(row, theirs)


@given(arrays())
def test_all_stable_pairings_match_the_same_people(drawn):
    """All stable pairings match the same people and fill each supporter equally far."""
    lists, _, capacities = drawn
    stable = [at for at in allowed(lists, capacities) if is_stable(*drawn, at)]
    assert len({tuple(j >= 0 for j in at) for at in stable}) == 1
    assert len({tuple(at.count(j) for j in range(len(capacities))) for at in stable}) == 1


@given(arrays(8, 5), st.data())
def test_a_false_list_gains_nothing(drawn, data):
    """No person gets someone they like better by naming another list."""
    lists, scores, capacities = drawn
    assume(lists.size)
    i = data.draw(st.integers(0, len(lists) - 1))
    honest = pairing.match_arrays(*drawn).supporter[i]
    order = data.draw(st.permutations(range(lists.shape[1])))
    false, liked = lists.copy(), scores.copy()
    false[i], liked[i] = lists[i][order], scores[i][order]
    false[i][data.draw(st.integers(0, lists.shape[1])) :] = -1
    stated = pairing.match_arrays(false, liked, capacities).supporter[i]
    row = lists[i].tolist()
    assert place_of(row, honest) <= place_of(row, stated)


@given(arrays(8, 5), st.data())
def test_places_help_and_people_compete(drawn, data):
    """One more place never makes a person worse off; one more person never another better off."""
    lists, scores, capacities = drawn
    assume(lists.size)
    before = pairing.match_arrays(*drawn).place
    j = data.draw(st.integers(0, len(capacities) - 1))
    more = [c + (k == j) for k, c in enumerate(capacities)]
    rank = np.where(before < 0, 99, before)
    after = pairing.match_arrays(lists, scores, more).place
    assert (np.where(after < 0, 99, after) <= rank).all()
    fewer = pairing.match_arrays(lists[:-1], scores[:-1], capacities).place
    assert (np.where(fewer < 0, 99, fewer) <= rank[:-1]).all()


@given(arrays(8, 5), st.data())
def test_who_is_held_keeps_their_place(drawn, data):
    """Nobody takes the place of who is held; no one else blocks but with a supporter of theirs."""
    lists, scores, capacities = drawn
    held = np.full(len(lists), -1)
    for i, row in enumerate(lists.tolist()):
        j = data.draw(st.sampled_from([-1, *[j for j in row if j >= 0]]))
        if j >= 0 and (held == j).sum() < capacities[j]:
            held[i] = j
    found = pairing.match_arrays(lists, scores, capacities, held=held)
    assert (found.supporter[held >= 0] == held[held >= 0]).all()
    assert (found.load <= capacities).all()
    free = held < 0
    room = np.array(capacities, int) - np.bincount(held[~free], minlength=len(capacities))
    rest = pairing.match_arrays(lists[free], scores[free], room)
    assert found.supporter[free].tolist() == rest.supporter.tolist()
    for i, j in pairing.blocking_pairs(lists, scores, capacities, found.supporter).tolist():
        assert held[i] >= 0 or j in held


@given(arrays(8, 5), st.data())
def test_numbers_of_supporters_are_only_names(drawn, data):
    """Renaming changes names only, and a person alone gets the first who has a place."""
    lists, scores, capacities = drawn
    found = pairing.match_arrays(*drawn)
    new = np.array([*data.draw(st.permutations(range(len(capacities)))), -1], int)
    renamed = np.empty(len(capacities), int)
    renamed[new[:-1]] = capacities
    other = pairing.match_arrays(new[lists], scores * 2.5 - 7, renamed.astype(float))
    assert other.supporter.tolist() == new[found.supporter].tolist()
    assert other.place.tolist() == found.place.tolist()
    for row, liked in zip(lists, scores, strict=True):
        alone = pairing.match_arrays(row[None].astype(np.int32), liked[None], capacities)
        open_ = [p for p, j in enumerate(row.tolist()) if j >= 0 and capacities[j]]
        assert alone.place.tolist() == [open_[0] if open_ else -1]


# --- records ----------------------------------------------------------------------------------


def who(found):
    return {(p.person, p.supporter, p.place, p.is_kept) for p in found.pairs}


def places(found):
    return {p.person: p.place for p in found.pairs if p.place is not None}


@given(WORLDS)
def test_a_match_is_stable_and_verify_counts_the_same(world):
    """Capacities and constraints are kept, no pair blocks, and `verify` agrees."""
    found = pairing.match(*world, as_of=DAY)
    assert pairing.verify(found, *world) == found.certificate
    assert found.certificate == pairing.Certificate(
        blocking=0, blocking_kept=0, over_capacity=0, against_constraint=0
    )
    assert len(found.pairs) + len(found.unmatched) == len(world[0])
    assert sum(found.loads.values()) == len(found.pairs)


@given(WORLDS, st.data())
def test_kept_pairs_stay_or_lapse(world, data):
    """No newcomer breaks a pair in touch; one that breaks a constraint comes back as lapsed."""
    people, helpers = world
    keep = [
        (r.person, data.draw(st.sampled_from([h.id for h in helpers] + ["s8"])))
        for r in [*people, evolve_id(people)]
        if r is not None and data.draw(st.booleans())
    ]
    found = pairing.match(*world, as_of=DAY, keep=keep)
    pairs = {(p.person, p.supporter) for p in found.pairs if p.is_kept}
    lapsed = {(lapse.person, lapse.supporter) for lapse in found.lapsed}
    assert pairs | lapsed == set(keep)
    assert not pairs & lapsed
    assert pairing.verify(found, *world, keep=keep) == found.certificate
    assert found.certificate.is_stable


def evolve_id(people):
    """Someone in touch who has no request."""
    return evolve(people[0], person="elsewhere") if people else None


@given(WORLDS, st.data())
def test_supporters_help_and_people_compete(world, data):
    """One more supporter or place never makes a person worse off, nor one more person better."""
    people, helpers = world
    before = pairing.match(people, helpers, as_of=DAY)
    liking = dict(zip([r.person for r in people], before.liking.tolist(), strict=True))
    new = data.draw(supporters("s7"))
    wider = [evolve(h, capacity=h.capacity + data.draw(st.integers(0, 1))) for h in helpers]
    after = pairing.match(people, [*wider, new], as_of=DAY)
    assert all(a >= b for a, b in zip(after.liking.tolist(), before.liking.tolist(), strict=True))
    more = pairing.match([*people, data.draw(requests("p9"))], helpers, as_of=DAY)
    assert all(a <= liking[r.person] for a, r in zip(more.liking.tolist(), people, strict=False))


@given(WORLDS, st.data())
def test_ids_are_only_names(world, data):
    """Renaming ids changes ids only."""
    people, helpers = world
    found = pairing.match(people, helpers, as_of=DAY)
    names = {h.id: f"x{j}" for j, h in enumerate(data.draw(st.permutations(helpers)))}
    other = pairing.match(
        [
            evolve(r, person=r.person[::-1], not_with=[names.get(s, s) for s in r.not_with])
            for r in people
        ],
        [evolve(h, id=names[h.id]) for h in helpers],
        as_of=DAY,
    )
    assert who(other) == {(p[::-1], names[s], place, kept) for p, s, place, kept in who(found)}


@given(WORLDS)
def test_one_person_is_a_table_of_one(world):
    """A person alone gets the first on their list who has a place."""
    people, helpers = world
    for request in people:
        alone = pairing.match([request], helpers, as_of=DAY)
        if alone.pairs:
            assert alone.supporters[alone.at[0]].capacity > 0
        assert alone.certificate.is_stable


@given(WORLDS)
def test_neither_gender_nor_any_word_for_oneself_counts_without_a_wish(world):
    """Words that people use of themselves change nothing where nobody states a wish."""
    people, helpers = world
    people = [evolve(r, wanted_identities=()) for r in people]
    helpers = [evolve(h, accompanies=()) for h in helpers]
    found = pairing.match(people, helpers, as_of=DAY)
    others = pairing.match(
        [evolve(r, identities=["man"]) for r in people],
        [evolve(h, identities=["woman", "older"], display_name="Kim") for h in helpers],
        as_of=DAY,
    )
    assert who(found) == who(others)


@given(WORLDS)
def test_sentences_disclose_nothing_of_what_a_supporter_lived_through(world):
    """Sentences do not depend on what supporters have lived through."""
    people, helpers = world
    plain = Weights(shared_group=1, nearness=1)
    numbers = PairingParameters(person_weights=plain, supporter_weights=plain)
    found = pairing.match(people, helpers, as_of=DAY, parameters=numbers)
    others = [evolve(h, substances=["inhalants"], medication_for_addiction=True) for h in helpers]
    again = pairing.match(people, others, as_of=DAY, parameters=numbers)
    assert found.to_text() == again.to_text()


@given(WORLDS, st.sampled_from([DAY, DAY + timedelta(2)]))
def test_the_change_that_is_named_helps(world, day):
    """The smallest change that is named gives the person somebody."""
    people, helpers = world
    found = pairing.match(people, helpers, as_of=day)
    for left in found.unmatched:
        change = left.change
        if change is None:
            continue
        i = next(i for i, r in enumerate(people) if r.person == left.person)
        j = next(j for j, h in enumerate(helpers) if h.id == change.supporter)
        asked, offered = list(people), list(helpers)
        asked[i], offered[j] = changed(people[i], helpers[j], change, day)
        assert left.constraint in (change.constraint, Constraint.CAPACITY)
        after = pairing.match(asked, offered, as_of=day)
        assert left.person in {p.person for p in after.pairs}, change.constraint


def changed(request, helper, change, day):  # noqa: C901 (a case a constraint)
    value = change.value
    match change.constraint:
        case "capacity":
            helper = evolve(helper, capacity=helper.capacity + value)
        case "free_time":
            request = evolve(request, windows=[*request.windows, value])
        case "distance" if value is None:
            request = evolve(request, modes=[*request.modes, "online"])
        case "distance":
            request = evolve(request, within_km=value)
        case "language":
            request = evolve(request, languages=[*request.languages, value])
        case "group":
            request = evolve(request, groups=[*request.groups, value])
        case "role":
            request = evolve(request, roles=[*request.roles, value])
        case "persons_wish":
            request = evolve(request, wanted_identities=request.wanted_identities - {value})
        case "pause":
            helper = evolve(helper, paused_until=None)
        case "consent":
            helper = evolve(helper, consented_on=day)
    return request, helper


# --- repairs ----------------------------------------------------------------------------------


@given(WORLDS, st.data())
def test_a_newcomer_is_repaired_as_in_a_fresh_match(world, data):
    """People who join give exactly what a fresh match gives."""
    people, helpers = world
    new = [data.draw(requests(f"q{i}")) for i in range(data.draw(st.integers(1, 2)))]
    keep = [(p.person, p.supporter) for p in pairing.match(*world, as_of=DAY).pairs[:1]]
    found = pairing.match(people, helpers, as_of=DAY, keep=keep)
    repaired = pairing.repair(found, map(PersonJoined, new), as_of=DAY)
    fresh = pairing.match([*people, *new], helpers, as_of=DAY, keep=keep)
    assert who(repaired) == who(fresh)
    assert repaired.certificate == fresh.certificate
    assert repaired.fresh_gain == 0


@given(WORLDS, st.data())
def test_a_loss_is_repaired_as_in_a_fresh_match(world, data):
    """Supporters who leave and lowered capacities give exactly what a fresh match gives."""
    people, helpers = world
    assume(helpers)
    gone = data.draw(st.sampled_from(helpers))
    keep = [(p.person, p.supporter) for p in pairing.match(*world, as_of=DAY).pairs[:2]]
    found = pairing.match(people, helpers, as_of=DAY, keep=keep)
    repaired = pairing.repair(found, [SupporterLeft(gone.id)], as_of=DAY)
    rest = [h for h in helpers if h is not gone]
    fresh = pairing.match(people, rest, as_of=DAY, keep=keep)
    assert who(repaired) == who(fresh)
    assert lapses(repaired) == lapses(fresh)
    capacity = data.draw(st.integers(0, gone.capacity))
    lowered = pairing.repair(found, [CapacityChanged(gone.id, capacity)], as_of=DAY)
    fewer = [evolve(h, capacity=capacity) if h is gone else h for h in helpers]
    fresh = pairing.match(people, fewer, as_of=DAY, keep=keep)
    assert who(lowered) == who(fresh)
    assert lapses(lowered) == lapses(fresh)


def lapses(found):
    return {(lapse.person, lapse.supporter, lapse.constraint) for lapse in found.lapsed}


@st.composite
def openings(draw, found):
    """A change that opens a place."""
    choices = [SupporterJoined(draw(supporters("s7")))]
    if found.requests:
        choices.append(PersonLeft(draw(st.sampled_from(found.requests)).person))
    if found.supporters:
        wider = draw(st.sampled_from(found.supporters))
        choices.append(CapacityChanged(wider.id, wider.capacity + draw(st.integers(0, 2))))
    if found.pairs:
        pair = draw(st.sampled_from(found.pairs))
        choices += 2 * [PairDeclined(pair.person, pair.supporter)]
    return draw(st.sampled_from(choices))


@given(WORLDS, st.data())
def test_after_an_opening_nobody_else_is_worse_off(world, data):
    """After a departure, a no or a new place nobody else is worse off, and only the chain moves."""
    found = pairing.match(*world, as_of=DAY)
    change = data.draw(openings(found))
    after = pairing.repair(found, [change], as_of=DAY)
    before = dict(zip([r.person for r in found.requests], found.liking.tolist(), strict=True))
    exempt = {change.person} if isinstance(change, (PersonLeft, PairDeclined)) else set()
    for request, liking in zip(after.requests, after.liking.tolist(), strict=True):
        assert request.person in exempt or liking >= before[request.person]
    moved = {move.person for move in after.moved}
    rest = {(p, s) for p, s, *_ in who(found) if p not in moved | exempt}
    assert {(p, s) for p, s, *_ in who(after) if p not in moved | exempt} == rest
    assert after.certificate.is_stable
    assert pairing.verify(after, after.requests, after.supporters) == after.certificate


@given(WORLDS, st.data())
def test_any_repairs_leave_a_pairing_that_verifies(world, data):
    """After any repairs the two ways of counting agree, and places are those of a fresh list."""
    found = pairing.match(*world, as_of=DAY)
    for _ in range(3):
        if data.draw(st.booleans()):
            change = data.draw(openings(found))
        else:
            change = PersonJoined(
                data.draw(requests(f"q{len(found.requests)}{data.draw(st.integers(0, 9))}"))
            )
        taken = {r.person for r in found.requests} | {h.id for h in found.supporters}
        if isinstance(change, PersonJoined) and change.request.person in taken:
            continue
        if isinstance(change, SupporterJoined) and change.supporter.id in taken:
            continue
        day = found.as_of + timedelta(data.draw(st.sampled_from([0, 0, 1])))
        found = pairing.repair(found, [change], as_of=day)
        audit = pairing.verify(found, found.requests, found.supporters)
        assert audit == found.certificate
        assert audit.over_capacity == audit.against_constraint == 0
        if day == DAY:
            assert audit.blocking == 0
        alike = pairing.match(
            found.requests,
            found.supporters,
            as_of=day,
            keep=[(p.person, p.supporter) for p in found.pairs],
        )
        assert places(alike) == places(found)
        assert not alike.lapsed


@given(WORLDS, st.data())
def test_a_new_day_ends_what_may_not_be(world, data):
    """On another day pairs that may not be on it come apart, and those in touch are given."""
    people, helpers = world
    keep = [(p.person, p.supporter) for p in pairing.match(*world, as_of=DAY).pairs[:1]]
    helpers = [evolve(h, paused_until=None) for h in helpers]
    found = pairing.match(people, helpers, as_of=DAY, keep=keep)
    later = DAY + timedelta(1)
    resting = data.draw(st.sampled_from([h.id for h in helpers])) if helpers else None
    # A pause is given by a supporter who leaves and comes back with one.
    changes = []
    for helper in helpers:
        if helper.id == resting:
            changes = [
                SupporterLeft(helper.id),
                SupporterJoined(evolve(helper, paused_until=later + timedelta(9))),
            ]
    after = pairing.repair(found, changes, as_of=later)
    assert resting not in {p.supporter for p in after.pairs}
    assert after.certificate.against_constraint == 0
    back = pairing.repair(after, [], as_of=later + timedelta(9))
    assert back.certificate.over_capacity == back.certificate.against_constraint == 0
    if resting is not None:
        profile = next(h for h in back.supporters if h.id == resting)
        has_room = back.loads[resting] < profile.capacity
        changes = [left.change for left in back.unmatched if left.change is not None]
        asked = {c.supporter for c in changes if c.constraint == "capacity"}
        assert not (has_room and resting in asked)  # nobody waits for a place that is open


@given(WORLDS)
def test_offers_are_the_pairs_that_are_new(world):
    """What is proposed is one record a pair; pairs in touch and earlier proposals are left out."""
    found = pairing.match(*world, as_of=DAY)
    ids = map(str, itertools.count())
    at = datetime(2026, 11, 24, 12, tzinfo=UTC)
    records = found.offered(at=at, new_id=lambda: next(ids))
    assert [(r.person_id, r.supporter_id) for r in records] == [
        (p.person, p.supporter) for p in found.pairs
    ]
    roles = {h.id: h.role for h in found.supporters}
    assert all(r.role == roles[r.supporter_id] for r in records)
    kept = pairing.match(*world, as_of=DAY, keep=found.pairs)
    assert kept.offered(at=at, new_id=lambda: "x") == ()
    assert who(kept) == {(p, s, place, True) for p, s, place, _ in who(found)}
    assert pairing.repair(found, [], as_of=DAY).offered(at=at, new_id=lambda: "x") == ()
