"""Tables for many: shapes, dtypes, columns, refusals."""

import tracemalloc

import numpy as np
import pytest
from attrs import evolve

from mshg import Dealbreaker, Person, StanceProfile, catalog, fit
from mshg.errors import ValidationError

CATALOG = catalog.load()
OPEN = np.full((3, 12), np.nan)


def paths(call):
    with pytest.raises(ValidationError) as caught:
        call()
    return [p.path for p in caught.value.problems]


def test_columns_fit_a_data_frame():
    table = fit.score_table(OPEN, groups=CATALOG)
    columns = table.columns()
    assert list(columns)[:2] == ["coverage", "score_aa"]
    assert set(columns) == {
        "coverage",
        *(f"{kind}_{g}" for kind in ("score", "low", "high") for g in CATALOG),
    }
    assert all(c.shape == (3,) for c in columns.values())
    np.testing.assert_array_equal(columns["low_na"], table.low[:, list(CATALOG).index("na")])


def test_columns_are_computed_once_and_can_not_be_written():
    table = fit.score_table(OPEN, groups=CATALOG)
    assert table.score is table.score
    for column in (table.score, table.low, table.high, table.coverage):
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 0
        with pytest.raises(ValueError, match="WRITEABLE"):
            column.flags.writeable = True


def test_what_was_read_first_changes_nothing():
    rng = np.random.default_rng(3)
    stances = rng.random((5, 12))
    one, other = (fit.score_table(stances, groups=CATALOG) for _ in range(2))
    one_low, one_top = one.low, one.top(2)
    other_top, other_low = other.top(2), other.low
    np.testing.assert_array_equal(one_low, other_low)
    np.testing.assert_array_equal(one_top, other_top)


def test_dtypes():
    single = OPEN.astype(np.float32)
    assert fit.score_table(single, groups=CATALOG).score.dtype == np.float32
    assert fit.score_table(single, np.ones(12), groups=CATALOG).score.dtype == np.float32
    assert fit.score_table(single.astype(">f4"), groups=CATALOG).score.dtype == np.float32
    assert fit.score_table(OPEN, np.ones(12, int), groups=CATALOG).score.dtype == np.float64
    assert fit.score_table(np.ones((2, 12), int), groups=CATALOG).score.dtype == np.float64


def test_one_row_of_importance_or_of_openness_stands_for_all():
    weights = np.arange(12.0)
    one = fit.score_table(OPEN, weights, groups=CATALOG)
    all_rows = fit.score_table(OPEN, np.tile(weights, (3, 1)), groups=CATALOG)
    np.testing.assert_array_equal(one.low, all_rows.low)
    is_open = np.arange(len(CATALOG)) > 4
    assert one.top(2, is_open).tolist() == [[12, 15]] * 3  # NA, then Recovery Dharma by reach


def test_no_people_at_all():
    table = fit.score_table(np.empty((0, 12)), groups=CATALOG)
    assert table.score.shape == table.low.shape == (0, len(CATALOG))
    assert table.top(3).shape == (0, 3)
    assert fit.encode([])[0].shape == (0, 12)
    assert fit.open_mask([], CATALOG).shape == (0, len(CATALOG))


def test_more_places_than_groups_are_filled_with_minus_one():
    few = [CATALOG["aa"], CATALOG["na"]]
    assert fit.score_table(OPEN, groups=few).top(4).tolist() == [[0, 1, -1, -1]] * 3


def test_encode_puts_people_in_rows_and_dimensions_in_order():
    profile = StanceProfile(positions={"medication": 0.75}, importance={"spirituality": 3})
    stances, importance = fit.encode([Person(id="1"), Person(id="2", stances=profile)])
    assert stances[1, 11] == 0.75
    assert np.isnan(stances).sum() == 23
    assert importance[1].tolist() == [3, *[1] * 11]
    assert stances.dtype == importance.dtype == np.float64
    mask = fit.declined_mask([Person(id="1", stances=StanceProfile(declined=["agency"]))])
    assert mask.tolist() == [[False] * 4 + [True] + [False] * 7]


def test_every_wrong_number_is_reported_by_its_place():
    stances = np.zeros((3, 12))
    stances[0, 1], stances[2, 11] = 1.5, np.inf
    assert paths(lambda: fit.score_table(stances, groups=CATALOG)) == [
        "$.stances[0, 1]",
        "$.stances[2, 11]",
    ]
    weights = np.ones((3, 12))
    weights[1, 0], weights[2, 2] = -1, np.nan
    assert paths(lambda: fit.score_table(OPEN, weights, groups=CATALOG)) == [
        "$.importance[1, 0]",
        "$.importance[2, 2]",
    ]


def test_many_wrong_numbers_are_counted():
    found = paths(lambda: fit.score_table(np.full((70_000, 12), 2.0), groups=CATALOG))
    assert found == [*(f"$.stances[{i // 12}, {i % 12}]" for i in range(100)), "$.stances"]


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        ({"stances": np.zeros(12)}, "$.stances"),
        ({"stances": np.zeros((2, 11))}, "$.stances"),
        ({"stances": np.zeros((2, 12), bool)}, "$.stances"),
        ({"stances": np.zeros((2, 12), complex)}, "$.stances"),
        ({"stances": [["x"] * 12]}, "$.stances"),
        ({"stances": None}, "$.stances"),
        ({"stances": np.ma.masked_invalid(OPEN)}, "$.stances"),
        ({"importance": [[1], [2, 3]]}, "$.importance"),
        ({"declined": [[True], [True, False]]}, "$.declined"),
        ({"importance": np.ones((2, 12))}, "$.importance"),
        ({"importance": np.ones((3, 11))}, "$.importance"),
        ({"declined": np.ones((3, 12))}, "$.declined"),
        ({"declined": np.ones((3, 11), bool)}, "$.declined"),
    ],
)
def test_wrong_shapes_and_kinds(arguments, path):
    given = {"stances": OPEN, "importance": None, "declined": None, **arguments}
    assert paths(lambda: fit.score_table(**given, groups=CATALOG)) == [path]


def test_a_declined_answer_is_refused():
    stances = OPEN.copy()
    stances[1, 2] = 0.5
    declined = np.zeros((3, 12), bool)
    declined[1, 2:4] = True
    assert paths(lambda: fit.score_table(stances, groups=CATALOG, declined=declined)) == [
        "$.declined[1, 2]"
    ]


@pytest.mark.parametrize("k", [0, -1, 1.5, True, None])
def test_top_of_nothing(k):
    table = fit.score_table(OPEN, groups=CATALOG)
    assert paths(lambda: table.top(k)) == ["$.k"]


def test_people_and_nothing_else():
    assert paths(lambda: fit.encode([Person(id="1"), None])) == ["$.people[1]"]
    assert paths(lambda: fit.encode(Person(id="1"))) == ["$.people"]


def test_open_mask_tells_people_apart_by_every_rule():
    limit = Dealbreaker(dimension="method", at_most=0.5)
    people = [
        Person(id="1"),
        Person(id="2", substances=["opioids"]),
        Person(id="3", identities=["man"]),
        Person(id="4", dealbreakers=[limit]),
        Person(id="5", seeks_help_for="someone_elses_use"),
        Person(id="6"),
    ]
    mask = fit.open_mask(people, CATALOG)
    closed = [{g for g, is_open in zip(CATALOG, row, strict=True) if not is_open} for row in mask]
    assert closed[0] == closed[5] == set()
    assert closed[1] == {"aa", "aa_secular", "mm", "hams", "cma", "ma"}
    assert closed[2] == {"wfs"}
    assert closed[3] == {"smart", "smart_family", "wfs", "mm", "hams"}
    family = {"al_anon", "smart_family", "celebrate_recovery"}  # of the last, no source says
    assert closed[4] == set(CATALOG) - family


def test_weights_too_small_for_float32_keep_their_ratios():
    rng = np.random.default_rng(5)
    stances = rng.random((20, 12)).astype(np.float32)
    weights = rng.random((20, 12))
    plain = fit.score_table(stances, weights, groups=CATALOG)
    tiny = fit.score_table(stances, weights * 1e-60, groups=CATALOG)
    assert tiny.score.dtype == np.float32
    np.testing.assert_allclose(tiny.score, plain.score, rtol=0, atol=1e-6)
    whole = fit.score_table(stances, np.full((20, 12), 100, np.int8), groups=CATALOG)
    alike = fit.score_table(stances, groups=CATALOG)
    np.testing.assert_allclose(whole.score, alike.score, rtol=0, atol=1e-6)


def test_contributions_can_not_be_reported_without_importance():
    table = fit.score_table(OPEN, np.zeros(12), groups=CATALOG)
    assert np.isnan(table.contributions()).all()


def other_tables(stances, **given):
    return (
        fit.certain_table(stances, groups=CATALOG, **given),
        fit.next_question_table(stances, groups=CATALOG, **given),
        fit.counterfactual_table(stances, groups=CATALOG, **given),
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_other_tables_have_fixed_shapes(dtype):
    g = len(CATALOG)
    certain, asked, change = other_tables(OPEN.astype(dtype))
    assert certain.certainly_first.shape == asked.dimension.shape == change.group.shape == (3,)
    assert (certain.certain.shape, asked.value_of_information.shape) == ((3, g), (3, 12))
    assert certain.certain.dtype == bool
    assert (
        asked.value_of_information.dtype
        == change.from_position.dtype
        == change.to_position.dtype
        == dtype
    )
    assert change.from_position.shape == change.to_position.shape == change.dimension.shape == (3,)
    assert [len(t) for t in (certain, asked, change)] == [3, 3, 3]
    named = [list(t.columns()) for t in (certain, asked, change)]
    firsts = ["certainly_first", "in_order"]
    assert named[0] == [*firsts, *(f"certain_{group}" for group in CATALOG)]
    assert named[1][:2] == ["dimension", "value_of_information_spirituality"]
    assert named[2] == ["dimension", "from_position", "to_position", "group"]
    for table in (certain, asked, change):
        for column in table.columns().values():
            with pytest.raises(ValueError, match="read-only"):
                column[0] = 0


def test_the_other_tables_of_nobody_and_of_nothing():
    for table in other_tables(np.empty((0, 12))):
        assert len(table) == 0
    closed = np.zeros(len(CATALOG), bool)
    for given in ({"importance": np.zeros(12)}, {"candidates": closed}):
        certain, asked, change = other_tables(np.full((2, 12), 0.5), **given)
        assert not certain.certain.any()
        assert not asked.value_of_information.any()
        found = (certain.certainly_first, asked.dimension, change.group, change.dimension)
        assert all((column == -1).all() for column in found)
        assert np.isnan(change.to_position).all()


def test_a_single_open_group_is_certain_and_nothing_is_worth_asking():
    only = np.arange(len(CATALOG)) == 4
    certain, asked, change = other_tables(OPEN, candidates=only)
    assert certain.certainly_first.tolist() == [4] * 3
    assert certain.certain.sum() == 3
    assert asked.dimension.tolist() == change.group.tolist() == [-1] * 3


@pytest.mark.parametrize("size", [0, -1, 1.5, True, None])
def test_certain_among_none(size):
    assert paths(lambda: fit.certain_table(OPEN, groups=CATALOG, size=size)) == ["$.size"]


def test_the_other_tables_refuse_what_scores_refuse():
    for call in (fit.certain_table, fit.next_question_table, fit.counterfactual_table):
        assert paths(lambda call=call: call(OPEN + 2, groups=[])) == ["$.groups"]
        assert paths(lambda call=call: call(OPEN[:, 1:], groups=CATALOG)) == ["$.stances"]
        found = paths(
            lambda call=call: call(OPEN, groups=CATALOG, candidates=np.ones((2, 3), bool))
        )
        assert found == ["$.candidates"]


@pytest.mark.parametrize(
    ("shares", "path"),
    [
        ({"luck": [0.2] * 5}, "$.answer_shares.luck"),
        ({"method": [0.2] * 4}, "$.answer_shares.method"),
        ({"method": [0.3] * 5}, "$.answer_shares.method"),
        ({"method": [1.2, -0.2, 0, 0, 0]}, "$.answer_shares.method[0]"),
        ({"method": 5}, "$.answer_shares.method"),
        ([0.2] * 5, "$.answer_shares"),
    ],
)
def test_answer_shares_are_five_and_add_up(shares, path):
    assert path in paths(lambda: fit.FitParameters(answer_shares=shares))


def test_memory_of_the_other_tables_does_not_grow_with_people():
    """Beyond input, output and scores, memory stays under 64 MiB whatever the number of people."""
    stances = np.random.default_rng(1).random((200_000, 12), np.float32)
    stances[::2, 3:6] = np.nan
    many = [evolve(g, id=f"{g.id}_{i}") for g in CATALOG.values() for i in range(6)]
    for call, groups in (
        (fit.certain_table, CATALOG),
        (fit.next_question_table, CATALOG),
        (fit.counterfactual_table, CATALOG),
        (fit.certain_table, many),
    ):
        people = stances if groups is CATALOG else stances[:4_000]
        tracemalloc.start()
        try:
            found = call(people, groups=groups)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        own = sum(column.nbytes for column in found.columns().values())
        scores = 4 * len(people) * len(groups)
        assert peak - own - scores < 64 * 2**20
