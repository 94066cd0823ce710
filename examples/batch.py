"""A batch of people from a CSV file to one pandas DataFrame of shortlists, chunk by chunk.

    python examples/batch.py --people 100000 --make people.csv
    python examples/batch.py people.csv --out shortlists.csv

The CSV has a column ``id`` and the twelve dimensions by name: 1 to 5, blank where it was not
answered, ``declined`` where it was declined. Three more columns may be there: ``substances`` (with
``;`` between), ``goal`` and ``seeks_help_for``; blank is not known.

The table is for planning and research. It tells less than `mshg.fit.shortlist`, which is what to
read with a person: there are no reasons, no cautions, no notes on safety or treatment and no
dealbreakers; and no place is kept, for a group that was chosen or liked, for a secular one or for
another tradition. Nobody's identities are read, so a group for women, say, is no option here.

It needs pandas and tqdm: ``pip install "mshg[examples]"``.
"""

import argparse
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tqdm import tqdm

from mshg import (
    Dimension,
    Goal,
    Group,
    Person,
    SeeksHelpFor,
    StanceProfile,
    Substance,
    catalog,
    fit,
)
from mshg.errors import Problem, ValidationError

CHUNK_ROWS = 10_000
PLACES = ("first", "second", "third")
SEED = 20260101

DECLINED = "declined"
ANSWERS = range(1, 6)
DIMENSIONS = [dimension.value for dimension in Dimension]
FACTS = ["substances", "goal", "seeks_help_for"]
COLUMNS = ["id", *DIMENSIONS, *FACTS]
RULES = {
    "id": "must not be blank",
    **dict.fromkeys(DIMENSIONS, f"must be 1 to 5, {DECLINED} or blank"),
    "substances": f"must be blank or of: {', '.join(Substance)}; with ; between",
    "goal": f"must be blank or one of: {', '.join(Goal)}",
    "seeks_help_for": f"must be blank or one of: {', '.join(SeeksHelpFor)}",
}


# From a file to chunks of text cells


def read_chunks(path: Path, rows: int) -> Iterator[pd.DataFrame]:
    """Read so many rows at a time, every cell as text; a column that may be absent is blank."""
    as_text = {"dtype": str, "na_filter": False, "skipinitialspace": True, "index_col": False}
    check_header(pd.read_csv(path, nrows=0, **as_text).columns)
    with pd.read_csv(path, chunksize=rows, **as_text) as chunks:
        for chunk in chunks:
            yield chunk.reindex(columns=COLUMNS, fill_value="").fillna("")


def check_header(names: Iterable[str]) -> None:
    """Refuse a file without the columns it needs, or with one that would go unread."""
    given = list(names)
    missing = [name for name in ("id", *DIMENSIONS) if name not in given]
    unread = [place for place, name in enumerate(given, 1) if name not in COLUMNS]
    problems = [Problem(f"column {name}", "is missing") for name in missing]
    rule = f"must be one of: {', '.join(COLUMNS)}"
    problems += [Problem(f"column number {place}", rule) for place in unread]
    if problems:
        raise ValidationError(problems)


def broken_cells(chunk: pd.DataFrame) -> list[Problem]:
    """Every cell that breaks a rule, by its row (1 is the first person) and column."""
    is_wrong = np.column_stack([~is_allowed(chunk[name]) for name in COLUMNS])
    return [
        Problem(f"row {chunk.index[i] + 1}, column {COLUMNS[j]}", RULES[COLUMNS[j]])
        for i, j in np.argwhere(is_wrong)
    ]


def is_allowed(cells: pd.Series) -> NDArray[np.bool_]:
    """Which cells of a column keep to its rule."""
    match cells.name:
        case "id":
            allowed = cells != ""
        case "goal":
            allowed = cells.isin(["", *Goal])
        case "seeks_help_for":
            allowed = cells.isin(["", *SeeksHelpFor])
        case "substances":
            known = set(Substance)
            allowed = cells.isin([cell for cell in cells.unique() if known.issuperset(words(cell))])
        case _:
            numbers = pd.to_numeric(cells, errors="coerce")
            allowed = cells.isin(["", DECLINED]) | numbers.isin(ANSWERS)
    return np.asarray(allowed, bool)


def words(cell: str) -> list[str]:
    """Words with ``;`` between them."""
    return [word.strip() for word in cell.split(";")] if cell else []


# From cells to arrays


def encode(chunk: pd.DataFrame) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Stances (n, 12) and what was declined (n, 12), as `mshg.fit.score_table` takes them.

    As in `mshg.fit.encode`, a goal stands in for an answer to ``abstinence`` that is open.
    """
    cells = chunk[DIMENSIONS]
    declined = (cells == DECLINED).to_numpy(bool)
    answers = cells.apply(pd.to_numeric, errors="coerce").to_numpy(np.float32)  # else NaN
    stances = (answers - 1) / 4

    abstinence = DIMENSIONS.index(Dimension.ABSTINENCE)
    is_open = np.isnan(stances[:, abstinence]) & ~declined[:, abstinence]
    for goal, position in fit.GOAL_ABSTINENCE.items():
        stances[is_open & (chunk["goal"] == goal).to_numpy(bool), abstinence] = position
    return stances, declined


def people_by_facts(chunk: pd.DataFrame) -> tuple[list[Person], NDArray[np.intp]]:
    """One person for all whom no rule tells apart, and which of them each row is.

    Rules of options and shared experience read few things: whole people of a million rows are not
    made.
    """
    facts = [*FACTS, Dimension.ABSTINENCE.value, Dimension.CHRISTIAN_PRACTICE.value]
    distinct = chunk[facts].drop_duplicates()
    people = [
        Person(
            id=f"like these {i}",
            substances=words(substances),
            goal=Goal(goal) if goal else None,
            seeks_help_for=SeeksHelpFor(help_for) if help_for else None,
            stances=StanceProfile.from_likert(
                {d: int(a) for d, a in zip(facts[-2:], answers, strict=True) if a.isdigit()}
            ),
        )
        for i, (substances, goal, help_for, *answers) in enumerate(distinct.itertuples(index=False))
    ]
    # numbered in the order of distinct
    place: NDArray[np.intp] = chunk.groupby(facts, sort=False).ngroup().to_numpy()
    return people, place


# From arrays to shortlists


def shortlists(
    chunk: pd.DataFrame, groups: Mapping[str, Group], active: Collection[str] = ()
) -> pd.DataFrame:
    """One row a person: the first three by rank, their fit, what is certain or worth asking."""
    stances, declined = encode(chunk)
    people, place = people_by_facts(chunk)
    options = fit.option_mask(people, groups, active=active)[place]
    table = fit.ranking_table(
        stances,
        groups=groups,
        belonging=fit.belonging(people, groups)[place],
        reach=fit.reach(groups),
        declined=declined,
    )
    best = table.top(len(PLACES), options)
    scores = np.take_along_axis(table.score, np.maximum(best, 0), axis=1)
    scores = np.where(best < 0, np.nan, scores)
    certain = table.certain(len(PLACES), options)
    asked = table.next_question(options)
    return pd.DataFrame(
        {
            "id": chunk["id"].to_numpy(),
            **{place: named(best[:, j], table.groups) for j, place in enumerate(PLACES)},
            **{f"{place}_score": scores[:, j] for j, place in enumerate(PLACES)},
            "coverage": table.coverage,
            "certainly_first": named(certain.certainly_first, table.groups),
            "next_question": named(asked.dimension, DIMENSIONS),
        }
    )


def named(index: NDArray[np.intp], names: Iterable[str]) -> pd.Categorical:
    """Names in place of indices. For both mshg and pandas, -1 is none."""
    return pd.Categorical.from_codes(index, categories=list(names))


def batch(
    path: Path,
    groups: Mapping[str, Group],
    *,
    active: Collection[str] = (),
    rows: int = CHUNK_ROWS,
) -> pd.DataFrame:
    """Shortlists of all people in a CSV file, with progress on stderr.

    Raises
    ------
    ValidationError
        Every broken cell of the file, each with its row and column and never with its value.
    """
    problems: list[Problem] = []
    done: list[pd.DataFrame] = []
    with tqdm(total=count_rows(path), unit=" people", file=sys.stderr) as progress:
        for chunk in read_chunks(path, rows):
            problems += broken_cells(chunk)
            if not problems:
                done.append(shortlists(chunk, groups, active))
            progress.update(len(chunk))
    if problems:
        raise ValidationError(problems)
    return pd.concat(done, ignore_index=True)


def count_rows(path: Path) -> int:
    """How many lines there are below the header; only the progress bar goes by it."""
    with path.open("rb") as lines:
        return max(sum(1 for _ in lines) - 1, 0)


def firsts(frame: pd.DataFrame) -> pd.DataFrame:
    """How often each group came first."""
    people = frame["first"].value_counts()
    return pd.DataFrame({"people": people, "percent": (100 * people / len(frame)).round(1)})


# A file to try it on


def made_up(people: int) -> pd.DataFrame:
    """Draw answers and facts at random; the same ones every time."""
    rng = np.random.default_rng(SEED)
    cells = ["", DECLINED, *map(str, ANSWERS)]
    drawn = rng.choice(cells, size=(people, len(DIMENSIONS)), p=[0.17, 0.03, *[0.16] * 5])
    substances = ["", "alcohol", "opioids", "methamphetamine", "alcohol;cannabis", "nicotine"]
    whose = ["", *(whose_use.value for whose_use in SeeksHelpFor)]
    frame = pd.DataFrame(drawn, columns=DIMENSIONS)
    frame.insert(0, "id", [f"made-up-{number}" for number in range(1, people + 1)])
    frame["substances"] = rng.choice(substances, people)
    frame["goal"] = rng.choice(["", *(goal.value for goal in Goal)], people)
    frame["seeks_help_for"] = rng.choice(whose, people, p=[0.45, 0.5, 0.05])
    return frame


def main() -> None:
    """Read the command line, and make a file or work on one."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("people_csv", type=Path, nargs="?", help="the people")
    parser.add_argument("--out", type=Path, help="where to write their shortlists, as CSV")
    parser.add_argument(
        "--active", action="append", default=[], help="id of a historical group that is active here"
    )
    parser.add_argument("--make", type=Path, help="write made-up people here instead")
    parser.add_argument("--people", type=int, default=1_000, help="how many people to make up")
    given = parser.parse_args()

    if given.make is not None:
        made_up(given.people).to_csv(given.make, index=False)
        return
    if given.people_csv is None:
        parser.error("give a CSV of people, or --make one")
    try:
        frame = batch(given.people_csv, catalog.load(), active=given.active)
    except ValidationError as error:
        sys.exit("\n".join(f"{p.path}: {p.rule}" for p in error.problems))
    if given.out is not None:
        frame.to_csv(given.out, index=False, float_format="%.4f")
    print(f"{len(frame):,} people. How often each group came first:")
    print(firsts(frame).to_string())


if __name__ == "__main__":
    main()
