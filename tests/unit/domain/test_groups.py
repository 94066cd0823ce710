"""Groups: whom they admit, which meetings are theirs."""

import pytest
from attrs import evolve

from mshg import Meeting, Person, Substance, catalog
from mshg.domain import Membership, MembershipRule
from mshg.errors import ValidationError

CATALOG = catalog.load()


def ruling(group, rule, **person):
    found = {r.rule: r.admits for r in CATALOG[group].check_membership(Person(id="1", **person))}
    return found[rule]


@pytest.mark.parametrize(
    ("group", "substances", "admits"),
    [
        ("aa", [], None),
        ("aa", ["alcohol"], True),
        ("aa", ["alcohol", "opioids"], True),
        ("aa", ["opioids"], False),
        ("na", [], True),
        ("na", ["alcohol"], True),
        ("smart", ["other"], True),
    ],
)
def test_scope_of_substances(group, substances, admits):
    assert ruling(group, MembershipRule.SUBSTANCES, substances=substances) is admits


@pytest.mark.parametrize(
    ("identities", "admits"),
    [
        ([], None),
        (["Woman"], True),
        (["woman", "man"], True),
        (["man"], False),
        (["veteran"], None),
        (["non-binary"], None),
    ],
)
def test_a_womens_fellowship(identities, admits):
    assert ruling("wfs", MembershipRule.IDENTITY, identities=identities) is admits
    assert ruling("aa", MembershipRule.IDENTITY, identities=identities) is True


@pytest.mark.parametrize(
    ("seeks", "own", "family"),
    [(None, True, None), ("own_use", True, False), ("someone_elses_use", False, True)],
)
def test_whose_use_it_is(seeks, own, family):
    person = Person(id="1", seeks_help_for=seeks)
    mine = CATALOG["smart"]
    theirs = evolve(mine, membership=evolve(mine.membership, seeks_help_for=["someone_elses_use"]))
    for group, expected in ((mine, own), (theirs, family)):
        found = {r.rule: r.admits for r in group.check_membership(person)}
        assert found[MembershipRule.SEEKS_HELP_FOR] is expected


def test_a_scope_that_is_not_known_closes_nothing():
    group = evolve(CATALOG["aa"], substances=[])
    found = {
        r.rule: r.admits for r in group.check_membership(Person(id="1", substances=["opioids"]))
    }
    assert found[MembershipRule.SUBSTANCES] is True


def test_a_variant_finds_the_wider_groups_meetings_by_tag():
    secular = Meeting(id="1", group="aa", name="We Agnostics", tags=["secular", "open"])
    other = Meeting(id="2", group="aa", name="Noon", tags=["open"])
    assert [CATALOG["aa"].includes(m) for m in (secular, other)] == [True, True]
    assert [CATALOG["aa_secular"].includes(m) for m in (secular, other)] == [True, False]
    assert not CATALOG["na"].includes(secular)


def test_any_substance_is_every_substance():
    assert CATALOG["na"].substances == frozenset(Substance)


def test_a_group_needs_all_dimensions():
    with pytest.raises(ValidationError, match=r"philosophy\.method: is missing"):
        evolve(CATALOG["aa"], philosophy={
            d: p for d, p in CATALOG["aa"].philosophy.items() if d != "method"
        })  # fmt: skip


@pytest.mark.parametrize("name", ["A\n2. Another", "A\x1b[31m", "A\u202eB", " "])
def test_a_name_stays_on_its_line(name):
    for field in ("name", "short_name"):
        with pytest.raises(ValidationError, match=rf"\$\.{field}"):
            evolve(CATALOG["aa"], **{field: name})


def test_identities_are_compared_without_regard_to_case():
    rule = Membership(welcomes=["Veteran"], closed_to=["CIVILIAN"])
    assert rule.admits_identities(frozenset({"VETERAN"})) is True
    assert rule.admits_identities(frozenset({"civilian"})) is False


def test_a_rule_that_no_source_tells_closes_nothing():
    rule = Membership()
    assert rule.admits_help_for(None) is rule.admits_help_for("own_use") is True
    assert rule.admits_help_for("someone_elses_use") is None


def test_a_variant_needs_the_tags_of_its_meetings():
    with pytest.raises(ValidationError, match=r"\$\.variant_tags"):
        evolve(CATALOG["aa_secular"], variant_tags=[])
