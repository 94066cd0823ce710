"""Data frames of hosts: columns by name, days in their own zone, what is not known as null."""

import pickle
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from mshg import (
    Dimension,
    Person,
    ValidationError,
    catalog,
    engagement,
    fit,
    outcomes,
    risk,
    wording,
)
from mshg.engagement import EventColumns
from mshg.outcomes import DefinitionComparison
from mshg.risk import instruments

DIMENSIONS = [dimension.value for dimension in Dimension]
GROUPS = catalog.load()
CHICAGO = "America/Chicago"
EVENING = datetime(2026, 11, 3, 19, tzinfo=ZoneInfo(CHICAGO))


def stances():
    found = np.full((3, 12), np.nan, np.float32)
    found[0, [0, 3, 7]] = 0, 1, 1
    found[1] = np.linspace(0, 1, 12)
    return found


def forms_of(frame):
    """The same frame, columns in another order, from each library that is here."""
    backwards = frame[frame.columns[::-1]]
    yield backwards
    yield {name: backwards[name].to_numpy() for name in backwards}
    yield backwards.astype("Float64")
    yield {name: [None if np.isnan(v) else v for v in backwards[name]] for name in backwards}
    try:
        pl, pa = pytest.importorskip("polars"), pytest.importorskip("pyarrow")
    except pytest.skip.Exception:
        return
    nulls = {n: [None if np.isnan(v) else float(v) for v in backwards[n]] for n in backwards}
    yield pl.DataFrame(nulls)
    yield pl.DataFrame({name: backwards[name].to_numpy() for name in backwards})
    yield pa.table(nulls)
    yield pa.table(nulls).to_batches()[0]


def test_a_frame_is_read_by_the_names_of_its_columns():
    frame = pd.DataFrame(stances(), columns=DIMENSIONS)
    expected = fit.score_table(stances(), groups=GROUPS)
    for form in forms_of(frame):
        found = fit.score_table(form, groups=GROUPS)
        np.testing.assert_allclose(found.score, expected.score, atol=1e-6)
        assert (found.top(3) == expected.top(3)).all()


def test_importance_declined_and_candidates_go_by_name_as_well():
    x = stances()
    weights = pd.Series(np.arange(1.0, 13), index=DIMENSIONS)
    declined = pd.DataFrame(np.isnan(x), columns=DIMENSIONS)
    expected = fit.score_table(x, weights.to_numpy(), groups=GROUPS, declined=np.isnan(x))
    found = fit.score_table(x, weights[::-1], groups=GROUPS, declined=declined[DIMENSIONS[::-1]])
    assert (found.low == expected.low).all()
    options = pd.DataFrame(np.arange(57).reshape(3, 19) % 2 == 0, columns=list(expected.groups))
    backwards = options[options.columns[::-1]]
    assert (found.top(2, backwards) == expected.top(2, options.to_numpy())).all()


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        (lambda f: f.rename(columns={"method": "site"}), "$.stances.method", "missing"),
        (lambda f: f.drop(columns="method"), "$.stances.method", "missing"),
        (lambda f: f.assign(site=1), "$.stances.columns[12]", "unknown"),
        (lambda f: pd.concat([f, f[["method"]]], axis=1), "$.stances.method", "repeated"),
    ],
)
def test_names_that_are_missing_doubled_or_foreign_are_refused(change, path, code):
    frame = pd.DataFrame(stances(), columns=DIMENSIONS)
    with pytest.raises(ValidationError) as caught:
        fit.score_table(change(frame), groups=GROUPS)
    assert (path, code) in {(p.path, p.code) for p in caught.value.problems}
    assert "site" not in str(caught.value)


def test_a_frame_without_names_known_here_is_refused():
    answers = pd.DataFrame(np.ones((2, 9)))
    with pytest.raises(ValidationError, match="order of the columns"):
        instruments.score("phq9", answers)
    assert instruments.score("phq9", answers.to_numpy()).scores["total"].tolist() == [9, 9]


def test_mixed_and_ragged_columns_are_refused():
    frame = pd.DataFrame(stances(), columns=DIMENSIONS)
    for wrong in (True, "0.5", np.zeros((3, 2))):
        stated = {name: frame[name].to_numpy() for name in DIMENSIONS}
        stated["method"] = wrong if isinstance(wrong, np.ndarray) else np.full(3, wrong)
        with pytest.raises(ValidationError):
            fit.score_table(stated, groups=GROUPS)


def evenings():
    yield pd.Series([EVENING])
    yield pd.DatetimeIndex([EVENING])
    yield [EVENING]
    try:
        pl, pa = pytest.importorskip("polars"), pytest.importorskip("pyarrow")
    except pytest.skip.Exception:
        return
    yield pl.Series([EVENING.astimezone(UTC)]).dt.convert_time_zone(CHICAGO)
    yield pa.array([EVENING], pa.timestamp("us", tz=CHICAGO))
    yield pa.chunked_array([pa.array([EVENING], pa.timestamp("ns", tz=CHICAGO))])
    yield pa.array([EVENING], pa.timestamp("s", tz="-06:00"))
    yield pd.Series([EVENING]).astype(pd.ArrowDtype(pa.timestamp("us", tz=CHICAGO)))


def test_an_evening_keeps_its_own_day():
    expected = (date(2026, 11, 3) - date(1970, 1, 1)).days
    for day in evenings():
        assert EventColumns.attendances(person=[0], day=day).day.tolist() == [expected]


def test_moments_of_an_unknown_zone_are_refused():
    pa = pytest.importorskip("pyarrow")
    moments = pa.array([EVENING], pa.timestamp("us", tz="Mars/Olympus"))
    with pytest.raises(ValidationError, match=r"\$\.day: must be moments in a known time zone"):
        EventColumns.attendances(person=[0], day=moments)


def test_days_of_a_zone_are_right_around_a_change_of_clocks():
    pa = pytest.importorskip("pyarrow")
    moments = [
        datetime(2026, month, day, hour, 30, tzinfo=UTC)
        for month, day in ((3, 8), (11, 1))
        for hour in range(24)
    ]
    local = [moment.astimezone(ZoneInfo(CHICAGO)).date() for moment in moments]
    given = pa.array([*moments, None], pa.timestamp("us", tz=CHICAGO))
    with pytest.raises(ValidationError, match=r"\$\.day\[48\]"):
        EventColumns.attendances(person=[0] * 49, day=given)
    found = EventColumns.attendances(person=[0] * 48, day=given[:48]).day
    assert found.tolist() == np.array(local, "datetime64[D]").astype(int).tolist()


@pytest.mark.parametrize("far", [2_000_000_000, 200_000_000])
def test_an_id_taken_for_an_index_is_refused(far):
    with pytest.raises(ValidationError, match=r"\$\.person\[1\].*so few rows"):
        EventColumns.attendances(person=[0, far], day=[1, 2])
    assert EventColumns.attendances(person=[0, 1_000_000], day=[1, 2]).n_people == 1_000_001


def test_a_mean_is_the_same_in_every_library():
    columns = EventColumns.attendances(person=[0, 1, 1], day=[1, 2, 9])
    table = engagement.summarize_table(columns, as_of=20, n_people=3)
    plain, masked = table.columns(), table.columns(missing="masked")
    mean = np.nanmean(plain["days_since_last"])
    assert list(plain) == list(masked)
    assert masked["days_since_last"].mean() == mean
    assert masked["days_since_last"].mask.tolist() == [False, False, True]
    assert masked["attendances"] is plain["attendances"]
    assert pd.DataFrame(masked)["days_since_last"].mean() == mean
    with pytest.raises(ValidationError, match="nan, masked"):
        table.columns(missing="null")
    pl, pa = pytest.importorskip("polars"), pytest.importorskip("pyarrow")
    assert pl.DataFrame(masked)["days_since_last"].mean() == mean
    assert pa.table(masked)["days_since_last"].null_count == 1
    duckdb = pytest.importorskip("duckdb")
    arrow = pa.table(masked)
    found = duckdb.sql("SELECT avg(days_since_last) FROM arrow").fetchall()
    assert found == [(mean,)]
    assert len(arrow) == 3


def test_the_shipped_wording_is_pickled_by_reference():
    own = wording.load()
    assert pickle.loads(pickle.dumps(own)) is own
    summary = engagement.summarize([], as_of=date(2026, 11, 24))
    assert len(pickle.dumps(summary)) < 3_000
    assert pickle.loads(pickle.dumps(summary)) == summary
    assert len(pickle.dumps(fit.shortlist(Person(id="1"), GROUPS))) < 10_000
    other = wording.Wording(language="de", sentences={"shortlist.title": "Gruppen"})
    assert pickle.loads(pickle.dumps(other)) == other


def test_tables_of_parts_are_the_table_of_the_whole():
    x, w = stances(), np.arange(36.0).reshape(3, 12)
    whole = fit.score_table(x, w, groups=GROUPS, declined=np.isnan(x))
    halves = [
        fit.score_table(x[rows], w[rows], groups=GROUPS, declined=np.isnan(x[rows]))
        for rows in (slice(1), slice(1, 3))
    ]
    joined = fit.FitTable.concat(halves)
    for made in ("certain", "next_question", "counterfactuals"):
        parts = [getattr(half, made)() for half in halves]
        found, expected = type(parts[0]).concat(parts), getattr(whole, made)()
        for name, column in expected.columns().items():
            assert found.columns()[name].tobytes() == column.tobytes()
            assert getattr(joined, made)().columns()[name].tobytes() == column.tobytes()
    for name, column in whole.columns().items():
        assert joined.columns()[name].tobytes() == column.tobytes()
    assert (joined.top(3) == whole.top(3)).all()
    assert (joined.contributions() == whole.contributions()).all()
    undeclined = fit.score_table(x[:1], w[:1], groups=GROUPS)
    assert len(fit.FitTable.concat([undeclined, halves[1]])) == 3


def test_tables_that_were_made_otherwise_are_not_put_together():
    x = stances()
    one = fit.score_table(x, groups=GROUPS)
    other = fit.score_table(x, groups=[GROUPS["aa"], GROUPS["na"]])
    with pytest.raises(ValidationError, match=r"\$\.tables\[1\]: must be made with the same"):
        fit.FitTable.concat([one, other])
    with pytest.raises(ValidationError, match="at least one FitTable"):
        fit.FitTable.concat([])
    with pytest.raises(ValidationError, match=r"\$\.tables\[0\]"):
        fit.FitTable.concat([1])
    words = ["+" * 24]
    kept, dropped = (outcomes.evaluate(words, key) for key in ("lee2016", "fiellin2006"))
    with pytest.raises(ValidationError, match="definition"):
        outcomes.OutcomeTable.concat([kept, dropped])
    twice = outcomes.OutcomeTable.concat([kept, kept])
    assert twice.event.tolist() == [True, True]


def test_comparisons_of_parts_are_the_comparison_of_the_whole():
    rng = np.random.default_rng(1)
    words = ["".join(rng.choice(list("+-o*_"), 24)) for _ in range(37)]
    parts = [outcomes.compare_definitions(words[i:j]) for i, j in ((0, 5), (5, 5), (5, 37))]
    found, expected = DefinitionComparison.combine(parts), outcomes.compare_definitions(words)
    assert found.n_patterns == 37
    for name in ("rate", "low", "high"):
        assert getattr(found, name).tobytes() == getattr(expected, name).tobytes()
    nobody = DefinitionComparison.combine([outcomes.compare_definitions([])])
    assert np.isnan(nobody.rate).all()


def audited(times=1, groups=None, seed=0):
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=300)
    came = rng.random(300) < 1 / (1 + np.exp(-scores))
    rows = [np.tile(one, times) for one in (scores, came, rng.integers(0, 2, 300).astype(str))]
    return risk.audit(*rows, groups=groups)


def ends(estimate):
    return [estimate.value, estimate.low, estimate.high]


def test_rows_of_one_person_tell_no_more_than_the_person():
    """Four copies of everybody leave the intervals about as wide, with ``groups``."""
    once, alone = audited(), audited(groups=np.arange(300))
    stated, taken = audited(4, np.tile(np.arange(300), 4)), audited(4)
    for a, b, c, d in zip(once.rows, alone.rows, stated.rows, taken.rows, strict=True):
        assert (c.people, c.rows) == (a.people, 4 * a.people)
        for name in ("auc", "observed", "called", "true_positives"):
            one, same, right, narrow = (getattr(row, name) for row in (a, b, c, d))
            np.testing.assert_allclose(ends(same), ends(one))
            np.testing.assert_allclose(ends(right), ends(one), rtol=0.02)
            assert narrow.high - narrow.low < 0.7 * (one.high - one.low)


def test_one_person_alone_has_no_interval():
    row = risk.audit([1, 2, 3, 4], [0, 1, 0, 1], list("aaaa"), groups=[7, 7, 7, 7]).rows[0]
    assert (row.people, row.rows, row.outcomes) == (1, 4, 2)
    for name in ("auc", "observed"):
        assert np.isnan(ends(getattr(row, name))).tolist() == [False, True, True]


def test_rankings_of_parts_are_the_ranking_of_the_whole():
    x, rng = stances(), np.random.default_rng(2)
    names = [group.id for group in GROUPS.values()]
    belonging = pd.DataFrame(rng.random((3, len(names))), columns=names)
    for reach in (None, rng.random(len(names)), rng.random((3, len(names)))):
        whole = fit.ranking_table(x, groups=GROUPS, belonging=belonging.to_numpy(), reach=reach)
        parts = [
            fit.ranking_table(
                x[rows],
                groups=GROUPS,
                belonging=belonging.iloc[rows, ::-1],
                reach=reach if reach is None or reach.ndim == 1 else reach[rows],
            )
            for rows in (slice(1), slice(1, 3))
        ]
        joined = fit.RankingTable.concat(parts)
        for name, column in whole.columns().items():
            assert joined.columns()[name].tobytes() == column.tobytes(), name
        assert (joined.top(3) == whole.top(3)).all()
        assert (joined.certain().certain == whole.certain().certain).all()
    with pytest.raises(ValidationError, match="must be made with the same"):
        fit.RankingTable.concat([whole, fit.ranking_table(x, groups=GROUPS)])
