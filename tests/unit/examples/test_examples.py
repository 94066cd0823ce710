"""The batch tells what the one-person call tells, and the German run says nothing in English."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mshg import Person, StanceProfile, catalog, fit, wording
from mshg.errors import UnknownGroupError, ValidationError

EXAMPLES = Path(__file__).parents[3] / "examples"
PEOPLE = 2_000
CATALOG = catalog.load()
OF_THESE = range(0, PEOPLE, 40)

pytestmark = pytest.mark.skipif(not EXAMPLES.exists(), reason="the examples are not at hand")


def run(script, *arguments):
    """Run an example as a script; whatever it warns of ends it."""
    command = [sys.executable, "-W", "error", "-X", "utf8", str(EXAMPLES / script), *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def batch():
    for package in ("pandas", "tqdm"):
        pytest.importorskip(package, reason=f"examples/batch.py needs {package}")
    spec = importlib.util.spec_from_file_location("batch", EXAMPLES / "batch.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def people(batch):
    return batch.made_up(PEOPLE)


@pytest.fixture(scope="module")
def people_csv(people, tmp_path_factory):
    path = tmp_path_factory.mktemp("batch") / "people.csv"
    people.to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def shortlists(batch, people_csv):
    return batch.batch(people_csv, CATALOG, rows=600)


def person_of(batch, row):
    """The same person as a model, read by other means."""
    cells = {d: row[d] for d in batch.DIMENSIONS}
    return Person(
        id=row["id"],
        stances=StanceProfile.from_likert(
            {d: int(cell) for d, cell in cells.items() if cell.isdigit()},
            declined=[d for d, cell in cells.items() if cell == "declined"],
        ),
        substances=row["substances"].split(";") if row["substances"] else [],
        goal=row["goal"] or None,
        seeks_help_for=row["seeks_help_for"] or None,
    )


def name_or_none(value):
    return value if isinstance(value, str) else None


def test_one_row_a_person_in_their_order(people, shortlists):
    assert list(shortlists) == [
        *("id", "first", "second", "third", "first_score", "second_score", "third_score"),
        *("coverage", "certainly_first", "next_question"),
    ]
    assert shortlists["id"].tolist() == people["id"].tolist()
    assert shortlists["first_score"].dtype == np.float32
    assert shortlists["first"].notna().all()


@pytest.mark.parametrize("i", OF_THESE)
def test_a_row_agrees_with_the_shortlist_of_one(batch, people, shortlists, i):
    row = shortlists.iloc[i]
    alone = fit.shortlist(person_of(batch, people.iloc[i]), catalog.load())
    assert row["first"] == alone.options[0].group
    assert row["first_score"] == pytest.approx(alone.options[0].score, abs=1e-6)
    assert row["coverage"] == pytest.approx(alone.coverage, abs=1e-6)
    assert name_or_none(row["certainly_first"]) == alone.certainly_first
    assert name_or_none(row["next_question"]) == alone.next_question


def test_the_rows_looked_at_have_something_of_everything(people, shortlists):
    stated = people.iloc[list(OF_THESE)]
    assert set(stated["seeks_help_for"]) == {"", "own_use", "someone_elses_use"}
    assert set(stated["goal"]) == {"", "abstinence", "moderation", "reduction", "undecided"}
    assert (stated == "declined").any(axis=None)
    settled = shortlists["certainly_first"].iloc[list(OF_THESE)]
    assert settled.notna().any()
    assert settled.isna().any()


def test_chunks_leave_no_trace(batch, people_csv, shortlists):
    pandas = pytest.importorskip("pandas")
    at_once = batch.batch(people_csv, CATALOG, rows=PEOPLE)
    pandas.testing.assert_frame_equal(at_once, shortlists, check_exact=True)


def test_groups_for_families_come_first_only_where_help_is_sought_for_someone_else(
    people, shortlists
):
    is_family = shortlists["first"].isin(["al_anon", "smart_family"])
    assert is_family.any()
    assert (people["seeks_help_for"][is_family] == "someone_elses_use").all()


def test_a_historical_group_is_an_option_only_where_it_is_active(batch):
    likes_sos = {d: str(1 + round(4 * p.position)) for d, p in CATALOG["sos"].philosophy.items()}
    row = {"id": "1", "substances": "alcohol", "goal": "", "seeks_help_for": ""} | likes_sos
    chunk = batch.pd.DataFrame([row], columns=batch.COLUMNS)
    assert batch.shortlists(chunk, CATALOG)["first"][0] != "sos"
    assert batch.shortlists(chunk, CATALOG, ["sos"])["first"][0] == "sos"
    with pytest.raises(UnknownGroupError):
        batch.shortlists(chunk, CATALOG, ["nowhere"])


def test_every_bad_cell_of_every_chunk_is_refused_at_its_place(batch, people, tmp_path):
    bad = people.copy()
    wrong = {
        (0, "method"): "6677",
        (3, "agency"): "2.5",
        (700, "abstinence"): "Declined",
        (1_500, "substances"): "alcohol;moonshine",
        (1_500, "goal"): "winning",
        (1_501, "seeks_help_for"): "everyone",
        (1_999, "id"): "",
    }
    for (i, name), cell in wrong.items():
        bad.loc[i, name] = cell
    bad.to_csv(path := tmp_path / "bad.csv", index=False)
    with pytest.raises(ValidationError) as caught:
        batch.batch(path, CATALOG, rows=600)
    assert [p.path for p in caught.value.problems] == [
        f"row {i + 1}, column {name}" for i, name in wrong
    ]
    stated = repr(caught.value.problems) + str(caught.value)
    assert not any(cell in stated for cell in ("6677", "2.5", "Declined", "moonshine", "winning"))
    assert "everyone" not in stated


def test_columns_are_refused_by_name_or_place(batch, people, tmp_path):
    path = tmp_path / "columns.csv"
    people.drop(columns=["method"]).assign(secret=1).to_csv(path, index=False)
    with pytest.raises(ValidationError) as caught:
        batch.batch(path, CATALOG)
    assert [p.path for p in caught.value.problems] == ["column method", "column number 16"]
    assert "secret" not in str(caught.value)


def test_facts_may_be_absent_and_numbers_be_written_as_a_data_frame_writes_them(batch, tmp_path):
    path = tmp_path / "few.csv"
    header = ["id", *batch.DIMENSIONS]
    rows = [["007", "4.0", *[""] * 11], ["8", "4", *[""] * 11]]
    path.write_text("\n".join(",".join(cells) for cells in [header, *rows]), encoding="utf-8")
    frame = batch.batch(path, CATALOG)
    assert frame["id"].tolist() == ["007", "8"]
    assert frame["first"].iloc[0] == frame["first"].iloc[1]
    assert frame["coverage"].tolist() == pytest.approx([1 / 12] * 2)


def test_a_file_without_people(batch, tmp_path):
    path = tmp_path / "nobody.csv"
    path.write_text(",".join(["id", *batch.DIMENSIONS]) + "\n", encoding="utf-8")
    assert len(batch.batch(path, CATALOG)) == 0


def test_the_batch_from_the_command_line(batch, tmp_path):
    pandas = pytest.importorskip("pandas")
    people, out = tmp_path / "people.csv", tmp_path / "out.csv"
    made = run("batch.py", "--people", "30", "--make", str(people))
    assert made.returncode == 0, made.stderr
    pandas.testing.assert_frame_equal(
        pandas.read_csv(people, dtype=str, na_filter=False), batch.made_up(30), check_dtype=False
    )
    done = run("batch.py", str(people), "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert "30 people" in done.stdout
    assert "30/30" in done.stderr
    assert len(pandas.read_csv(out)) == 30

    people.write_text(people.read_text(encoding="utf-8") + "x,9\n", encoding="utf-8")
    refused = run("batch.py", str(people))
    assert refused.returncode == 1
    assert refused.stderr.splitlines()[-1].startswith("row 31, column spirituality: must be")
    assert "Traceback" not in refused.stderr


@pytest.fixture(scope="module")
def german():
    return wording.Wording.from_toml(EXAMPLES / "own_group" / "de.toml", language="de")


@pytest.fixture(scope="module")
def german_run():
    done = run("own_group_and_language.py")
    assert done.returncode == 0, done.stderr
    return done.stdout


def placeholders(sentence):
    return sorted(set(re.findall(r"{(\w+)}", sentence)))


def test_the_german_wording_is_whole(german):
    """Every sentence, with every placeholder; miles are for those who are used to them."""
    english = wording.load().sentences
    assert german.missing == ()
    assert {k: placeholders(s) for k, s in german.sentences.items()} == {
        k: [p for p in placeholders(s) if p != "miles"] for k, s in english.items()
    }


def test_the_german_run_says_nothing_of_the_wording_in_english(german_run):
    pieces = [
        (key, piece.strip(" .;:,"))
        for key, sentence in wording.load().sentences.items()
        for piece in re.split(r"{\w+}", sentence)
    ]
    stated = [(key, piece) for key, piece in pieces if len(piece.split()) > 1]
    assert len(stated) > 100
    assert [(key, piece) for key, piece in stated if piece in german_run] == []


def test_the_german_run_asks_and_offers_the_group_of_the_host(german, german_run):
    asked = [
        key
        for key, sentence in german.sentences.items()
        if key.endswith(".question") and f"{sentence}\n" in german_run
    ]
    assert len(asked) > 1
    assert re.search(r"^\d\. Thursday Circle\b", german_run, re.MULTILINE)
    assert "Alkohol plötzlich wegzulassen" in german_run
    assert "Und Alcoholics Anonymous? AA kommt nach" in german_run


def test_the_group_of_the_host_says_all_that_a_shipped_one_does():
    circle = catalog.load(extra=EXAMPLES / "own_group" / "circle.toml")["thursday_circle"]
    assert circle.summary
    assert circle.summary_for_provider
    assert circle.summary_for_family
    general = {answer.concern for answer in catalog.load()["aa"].concerns}
    assert {answer.concern for answer in circle.concerns} & general


@pytest.mark.parametrize(
    ("arguments", "stated"),
    [
        (["--meetings", "zzz=meetings.json"], "no group of this id"),
        (["--meetings", "aa=not-there.json"], "No such file"),
        (["--timezone", "Mars/Olympus"], "No time zone found"),
        (["--timezone", "/Mars"], "may not be absolute"),
        (["--answers", str(EXAMPLES / "meetings.json")], "must be an object"),
    ],
)
def test_quickstart_tells_plainly_what_it_cannot_use(arguments, stated):
    done = run("quickstart.py", *arguments)
    assert done.returncode == 2
    assert stated in done.stderr
    assert "Traceback" not in done.stderr


def test_the_pairing_example_reads_out_what_ten_people_would_read():
    done = run("pairing.py", "--all")
    assert done.returncode == 0, done.stderr
    first = done.stdout.partition("would rather not")[0]
    assert first.count("may we introduce you to") + first.count("\np") >= 10
    assert "p01: may we introduce you to Lee?" in first
    assert "blocking=0, blocking_kept=0, over_capacity=0, against_constraint=0" in first
    for stated in ("opioid", "alcohol", "methamphetamine", "woman", "medication"):
        assert stated not in done.stdout
    assert "  Vic: 0 of 3, not available on this day" in done.stdout
    assert "Pat goes" not in done.stdout
    assert "place_opened" in done.stdout
