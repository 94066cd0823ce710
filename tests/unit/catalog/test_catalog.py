"""The catalog tested as data, and the loader on a host's own files."""

import re
from pathlib import Path

import numpy as np
import pytest
from attrs import evolve

from mshg import Dimension, Person, Substance, catalog, fit
from mshg.domain import Confidence, GroupStatus
from mshg.errors import CatalogError, MshgError, UnknownGroupError

CATALOG = catalog.load()
GROUPS = tuple(CATALOG.values())
EVIDENCE = Path(__file__).parents[4] / "shared" / "evidence.md"
SOURCES = catalog.sources()
SHIPPED = Path(catalog.__file__).parent / "groups"
FACTS = (
    *("tradition", "reach", "is_twelve_step", "is_secular", "derived_from", "variant_of"),
    *("founded", "website"),
)


def positions():
    return np.array([[g.philosophy[d].position for d in Dimension] for g in GROUPS])


def cited(claim):
    """Sources that a documented claim names in brackets at its end."""
    return claim.rpartition("[")[2].removesuffix("]").split("; ")


def claims(group):
    return [
        *group.philosophy.items(),
        *group.focus.items(),
        *group.cautions.items(),
        *((a.concern, a) for a in group.concerns),
    ]


def test_the_groups_of_the_first_release():
    assert set(CATALOG) == {
        *("aa", "aa_secular", "na", "ca", "smart", "lifering", "wfs", "sos", "recovery_dharma"),
        *("celebrate_recovery", "mm", "hams", "mara"),
        *("cma", "ma", "refuge_recovery", "dra", "al_anon", "smart_family"),
    }
    assert list(CATALOG) == sorted(CATALOG)
    assert [g.id for g in GROUPS if g.status is GroupStatus.HISTORICAL] == ["sos"]


@pytest.mark.parametrize("group", GROUPS, ids=lambda g: g.id)
def test_every_fact_has_a_source_and_every_group_a_summary(group):
    for fact in FACTS:
        assert (getattr(group, fact) is None) == (fact not in group.sources), fact
    assert group.substances
    assert group.sources["substances"]
    summaries = {group.summary, group.summary_for_provider, group.summary_for_family}
    assert len(summaries - {None}) == 3
    assert all(claim.source for _, claim in claims(group))


@pytest.mark.parametrize("group", GROUPS, ids=lambda g: g.id)
def test_documented_positions_cite_what_was_read(group):
    """Documented names its sources in brackets; a silent position is never documented."""
    for what, claim in claims(group):
        is_documented = claim.confidence is Confidence.DOCUMENTED
        assert is_documented == bool(re.search(r"\[.+\]$", claim.source)), what
    for dimension, stand in group.philosophy.items():
        assert stand.salience > 0 or stand.confidence is Confidence.JUDGMENT, dimension


@pytest.mark.parametrize("group", GROUPS, ids=lambda g: g.id)
def test_cited_sources_are_listed_with_what_they_are(group):
    for _, claim in claims(group):
        if claim.confidence is Confidence.DOCUMENTED:
            assert [s for s in cited(claim.source) if s not in SOURCES] == []


@pytest.mark.skipif(not EVIDENCE.exists(), reason="the evidence digest is not at hand")
def test_sources_are_in_the_evidence_digest_or_have_an_address():
    evidence = EVIDENCE.read_text(encoding="utf-8")
    loose = [s for s, where in SOURCES.items() if s not in evidence and "http" not in where]
    assert loose == []


def test_listed_sources_are_cited():
    files = [*SHIPPED.glob("*.toml"), SHIPPED.parent / "general_concerns.toml"]
    cites = "".join(path.read_text(encoding="utf-8") for path in files)
    assert [source for source in SOURCES if source not in cites] == []


@pytest.mark.parametrize("group", GROUPS, ids=lambda g: g.id)
def test_every_group_answers_concerns_of_its_own_and_those_of_any_group(group):
    stated = {answer.concern: answer for answer in CATALOG.concerns(group.id)}
    assert {"pressure", "treatment", "effect", "medication", "belonging"} <= set(stated)
    assert any(group.short_name in a.statement for a in stated.values())
    if group.is_twelve_step:
        assert group.short_name in stated["religion"].statement


def test_concerns_of_a_group_that_is_not_there():
    with pytest.raises(UnknownGroupError):
        CATALOG.concerns("bb")


@pytest.mark.parametrize("group", GROUPS, ids=lambda g: g.id)
def test_nothing_is_said_of_medication_beyond_a_documented_position(group):
    """Only a group with a documented position has a documented answer on medication."""
    answers = {a.concern: a for a in group.concerns}
    if answers["medication"].confidence is Confidence.DOCUMENTED:
        assert group.philosophy[Dimension.MEDICATION].confidence is Confidence.DOCUMENTED
    else:
        assert "we have " in answers["medication"].answer.casefold()
    no_advice = ("prescriber", "prescribed", "medication treatment", "doctor")
    assert any(word in answers["medication"].answer for word in no_advice)


def test_family_groups_are_for_those_who_seek_help_for_someone_else():
    whom = {g.id: g.membership.is_for_others_alone for g in GROUPS}
    assert {g for g, others in whom.items() if others} == {"al_anon", "smart_family"}


def test_a_concern_of_a_hosts_group_is_read_and_refused_at_its_key(tmp_path):
    text = (SHIPPED / "smart.toml").read_text(encoding="utf-8")
    text = text.partition("[concerns.")[0].replace('id = "smart"', 'id = "ours"')
    entry = 'statement = "Must I pay?"\nanswer = "No."\nconfidence = "judgment"\nsource = "ours"\n'
    path = tmp_path / "ours.toml"
    path.write_text(f"{text}\n[concerns.pressure]\n{entry}", encoding="utf-8")
    (own, *general) = catalog.load(extra=path).concerns("ours")
    assert (own.concern, own.answer) == ("pressure", "No.")
    assert {a.concern for a in general} >= {"treatment", "effect"}
    for concern, line, path_reported in (
        ("luck", entry, ".concerns.luck.concern"),
        ("effect", entry.replace("judgment", "hearsay"), ".concerns.effect.confidence"),
    ):
        path.write_text(f"{text}\n[concerns.{concern}]\n{line}", encoding="utf-8")
        with pytest.raises(CatalogError) as caught:
            catalog.load(extra=path)
        assert [p.path for p in caught.value.problems] == [f"ours.toml{path_reported}"]
    path.write_text(f"concerns = 5\n{text}", encoding="utf-8")
    with pytest.raises(CatalogError, match="concerns"):
        catalog.load(extra=path)


@pytest.mark.parametrize("group", GROUPS, ids=lambda g: g.id)
def test_a_groups_own_answers_put_it_among_the_first_two(group):
    """Of its substance scope; a fellowship of the same lineage may stand in for another."""
    rivals = [g for g in GROUPS if g.substances & group.substances]
    own = np.array([[group.philosophy[d].position for d in Dimension]])
    first_two = fit.score_table(own, groups=rivals).top(2)[0]
    assert group.tradition in {rivals[j].tradition for j in first_two}


@pytest.mark.parametrize("missing", [0, 0.2, 0.5])
def test_no_group_wins_too_often(missing):
    """Over 100,000 random answer sets no group is first for more than a quarter."""
    rng = np.random.default_rng(2026)
    stances = rng.integers(0, 5, (100_000, len(Dimension))) / 4
    stances[rng.random(stances.shape) < missing] = np.nan
    first = fit.score_table(stances, groups=CATALOG).top(1)[:, 0]
    assert np.bincount(first, minlength=len(GROUPS)).max() <= 25_000


def test_a_catalog_is_a_mapping():
    assert len(CATALOG) == len(list(CATALOG)) == len(GROUPS)
    assert CATALOG["aa"].name == "Alcoholics Anonymous"
    assert "aa" in CATALOG
    assert "bb" not in CATALOG
    with pytest.raises(UnknownGroupError, match=r"^there is no group"):
        CATALOG["bb"]
    with pytest.raises(KeyError):
        CATALOG["bb"]


def test_with_groups_adds_at_the_end_and_replaces_in_place():
    ours = evolve(CATALOG["smart"], id="ours", name="Ours")
    renamed = evolve(CATALOG["aa"], name="The same")
    for larger in (
        CATALOG.with_groups(ours, renamed),
        CATALOG.with_groups([ours, renamed]),
        CATALOG.with_groups({"x": ours}, catalog.Catalog({"y": renamed})),
    ):
        assert list(larger) == [*CATALOG, "ours"]
        assert larger["aa"].name == "The same"
    assert "ours" not in CATALOG


def test_an_id_twice_is_refused():
    with pytest.raises(CatalogError, match="two groups"):
        catalog.Catalog([CATALOG["aa"], CATALOG["aa"]])
    with pytest.raises(MshgError, match=r"groups\[0\]"):
        CATALOG.with_groups([5])


def test_a_hosts_own_files(tmp_path):
    text = (SHIPPED / "smart.toml").read_text(encoding="utf-8")
    text = text.replace('id = "smart"', 'id = "ours"').replace('["any"]', '["alcohol", "cocaine"]')
    (tmp_path / "ours.toml").write_text(text, encoding="utf-8")
    for extra in (tmp_path, tmp_path / "ours.toml", text, text.encode()):
        loaded = catalog.load(extra=extra)
        assert list(loaded) == [*CATALOG, "ours"]
        assert loaded["ours"].substances == {Substance.ALCOHOL, Substance.COCAINE}


def test_two_files_of_one_group_are_refused(tmp_path):
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_bytes((SHIPPED / "smart.toml").read_bytes())
    with pytest.raises(CatalogError, match="two groups"):
        catalog.load(extra=tmp_path)


def test_all_problems_of_all_files_at_once(tmp_path):
    text = (SHIPPED / "smart.toml").read_text(encoding="utf-8")
    broken = (
        text.replace("position = 0.2,", "position = 2,", 1)
        .replace('founded = "smart', 'year = "smart', 1)
        .replace('name = "SMART Recovery"', 'title = "x"', 1)
    )
    (tmp_path / "a.toml").write_text(broken, encoding="utf-8")
    (tmp_path / "b.toml").write_text("[philosophy", encoding="utf-8")
    with pytest.raises(CatalogError) as caught:
        catalog.load(extra=tmp_path)
    assert {p.path for p in caught.value.problems} == {
        "a.toml.title",
        "a.toml.name",
        "a.toml.philosophy.spirituality.position",
        "a.toml.sources.founded",
        "a.toml.sources.year",
        "b.toml",
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        'id = "x"\nname = "X"\nphilosophy = 3',
        'id = "x"\nname = "X"\nmembership = []\n[philosophy]\nmethod = 1',
        'id = "x"\nname = "X"\nsources = 1\n[philosophy]',
    ],
)
def test_a_malformed_file_is_a_catalog_error(tmp_path, text):
    (tmp_path / "x.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogError):
        catalog.load(extra=tmp_path)


def test_text_is_content_and_no_path(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text('id = "x"\nname = "X"\n', encoding="utf-8")
    problems = []
    for extra in (path, path.read_text("utf-8"), path.read_bytes()):
        with pytest.raises(CatalogError) as caught:
            catalog.load(extra=extra)
        problems.append([(p.path.removeprefix("x.toml"), p.rule) for p in caught.value.problems])
    assert problems[1] == problems[2] == [(f"extra{where}", rule) for where, rule in problems[0]]
    for text in (str(path), str(tmp_path), "no such folder", "x.toml"):
        with pytest.raises(CatalogError, match="pathlib"):
            catalog.load(extra=text)


def test_nothing_there(tmp_path):
    for extra in (tmp_path / "none", tmp_path, "", 5):
        with pytest.raises(MshgError, match="folder"):
            catalog.load(extra=extra)
    (tmp_path / "x.toml").write_bytes(b"\xff")
    with pytest.raises(CatalogError, match="UTF-8"):
        catalog.load(extra=tmp_path)


@pytest.mark.parametrize(
    ("substance", "fellowship"),
    [
        ("alcohol", "aa"),
        ("opioids", "na"),
        ("cocaine", "ca"),
        ("methamphetamine", "cma"),
        ("cannabis", "ma"),
    ],
)
def test_the_fellowship_for_a_substance_ranks_high_and_not_always_first(substance, fellowship):
    """Over 4 to 8 random answers: among three for most, first for a quarter or more."""
    rng = np.random.default_rng(2026)
    stances = rng.integers(0, 5, (100_000, len(Dimension))) / 4
    place = rng.random(stances.shape).argsort(axis=1).argsort(axis=1)
    stances[place >= rng.integers(4, 9, len(stances))[:, None]] = np.nan
    abstinence, practice = map(list(Dimension).index, ("abstinence", "christian_practice"))
    stances[np.isnan(stances[:, abstinence]), abstinence] = 1  # the goal
    person = Person(id="1", substances=[substance], goal="abstinence", seeks_help_for="own_use")
    candidates = np.repeat(fit.option_mask([person], CATALOG), len(stances), axis=0)
    christian = list(CATALOG).index("celebrate_recovery")
    candidates[:, christian] = stances[:, practice] >= 0.75
    ranking = fit.ranking_table(
        stances,
        groups=CATALOG,
        belonging=fit.belonging([person], CATALOG)[0],
        reach=fit.reach(CATALOG),
    )
    top = ranking.top(3, candidates) == list(CATALOG).index(fellowship)
    assert top.any(axis=1).mean() >= 0.7
    assert 0.25 <= top[:, 0].mean() <= 0.75
