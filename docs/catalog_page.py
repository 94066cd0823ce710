"""Write docs/reference/catalog.md from the catalog; a test sees that the two agree.

python docs/catalog_page.py
"""

import tomllib
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from mshg import Group, SeeksHelpFor, Substance, catalog
from mshg.domain import Confidence

PAGE = Path(__file__).parent / "reference" / "catalog.md"
SHIPPED = files("mshg.catalog")
INTRODUCTION = """\
# The catalog

Made from the group files by `docs/catalog_page.py`; edit those, not this page.

[The fit model](../explanation/fit-model.md) names the two ends of each dimension, 0 and 1. Salience
is how much a group's practice turns on it; 0 is silence. What members share is the group's focus,
from 0 to 1; reach is how widely it meets in the United States. *Documented* means that the stance
was read in the sources in brackets; the numbers put on it are our reading. *Judgment* means that no
document was read. [Sources](#sources) stand at the end.

The names of fellowships belong to the fellowships, which neither endorse nor know this project.
"""
FACTS = {
    "tradition": "tradition",
    "is_twelve_step": "twelve-step",
    "is_secular": "secular",
    "derived_from": "came out of",
    "variant_of": "is part of",
    "founded": "founded",
    "reach": "reach",
    "status": "status",
    "website": "website",
}


def page() -> str:
    """The whole page."""
    groups = catalog.load()
    general = tomllib.loads(SHIPPED.joinpath("general_concerns.toml").read_text("utf-8"))
    parts = [
        INTRODUCTION,
        _overview(groups.values()),
        *(_section(group, general) for group in groups.values()),
        "## Any group\n\nWhat is answered alike for every group that has no answer of its own.\n",
        _table(
            ("what people may think", "answer", "rests on"),
            (
                (a["statement"], a["answer"], f"*{a['confidence']}*: {a['source']}")
                for a in _answers(general)
            ),
        ),
        "What is answered instead for every group for relatives.\n",
        _table(
            ("what people may think", "answer", "rests on"),
            (
                (a["statement"], a["answer"], f"*{a['confidence']}*: {a['source']}")
                for a in general["relatives"].values()
            ),
        ),
        "## Sources\n\nPages were read as the openings of stored copies; they may have moved.\n",
        _table(("source", "what it is"), ((s, _word(w)) for s, w in catalog.sources().items())),
    ]
    return "\n".join(parts)


def _answers(general: dict[str, Any]) -> list[dict[str, str]]:
    return [answer for concern, answer in general.items() if concern != "relatives"]


def _overview(groups: Iterable[Group]) -> str:
    rows = (
        (f"[{g.short_name}](#{g.id})", g.name, _word(g.tradition), _word(g.founded)) for g in groups
    )
    return _table(("group", "name", "tradition", "founded"), rows)


def _section(group: Group, general: dict[str, Any]) -> str:
    alike = {a["answer"] for a in (*_answers(general), *general["relatives"].values())}
    own = [a for a in group.concerns if a.answer not in alike]
    parts = [
        f"({group.id})=\n## {group.name}\n",
        f"**To the person.** {group.summary}\n",
        f"**To the provider.** {group.summary_for_provider}\n",
        f"**To the family.** {group.summary_for_family}\n",
        _table(("fact", "", "source"), _facts(group)),
        _table(
            ("dimension", "position", "salience", "rests on"),
            (
                (
                    f"`{dimension}`",
                    f"{stand.position:g}",
                    f"{stand.salience:g}",
                    _ground(stand.confidence, stand.source),
                )
                for dimension, stand in group.philosophy.items()
            ),
        ),
        _table(
            ("members share", "how far", "rests on"),
            (
                (_word(focus), f"{shared.share:g}", _ground(shared.confidence, shared.source))
                for focus, shared in group.focus.items()
            ),
        ),
        *(
            [
                _table(
                    ("on the occasion of", "caution", "rests on"),
                    (
                        (_word(occasion), c.text, _ground(c.confidence, c.source))
                        for occasion, c in group.cautions.items()
                    ),
                )
            ]
            if group.cautions
            else []
        ),
        _table(
            ("what people may think", "answer", "rests on"),
            ((a.statement, a.answer, _ground(a.confidence, a.source)) for a in own),
        ),
    ]
    return "\n".join(parts)


def _facts(group: Group) -> Iterator[tuple[str, str, str]]:
    yield "id", f"`{group.id}`", ""
    for field, name in FACTS.items():
        if field in group.sources:
            yield name, _word(getattr(group, field)), group.sources[field]
    yield "concern is", _scope(group), group.sources.get("substances", "")
    if "membership" in group.sources:
        whose = [h for h in SeeksHelpFor if h in group.membership.seeks_help_for]
        whom = [group.membership.for_whom] if group.membership.for_whom else []
        yield "is for", "; ".join([*map(_word, whose), *whom]), group.sources["membership"]


def _scope(group: Group) -> str:
    if group.substances == frozenset(Substance):
        return "any substance"
    return ", ".join(_word(s) for s in Substance if s in group.substances)


def _ground(confidence: Confidence, source: str) -> str:
    return f"*{confidence}*: {source}"


def _word(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str() if value.startswith("http"):
            return f"<{value}>"
        case _:
            return str(value).replace("_", " ")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
