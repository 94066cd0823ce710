"""Write docs/reference/outcomes.md from the definitions; a test sees that the two agree.

python docs/outcomes_page.py
"""

from collections.abc import Iterable
from pathlib import Path

from mshg.outcomes import DEFINITIONS, Definition

PAGE = Path(__file__).parent / "reference" / "outcomes.md"
PAGE_START = """\
# mshg.outcomes

What became of people: published outcomes over weekly patterns, for one person or for many.
[Compare outcome definitions](../how-to/compare-outcome-definitions.md) shows how to use it,
[Missing weeks](../explanation/missing-weeks.md) what a rate rests on.

## The definitions

Made from `outcomes.DEFINITIONS` by `docs/outcomes_page.py`; edit those, not this page.

All are weekly adaptations. `+` is use and `-` no use; the table tells what missing (`o`), mixed
(`*`) and unscheduled (`_`) weeks are read as: `neither` keeps its place in the calendar and is
neither use nor no use, `left_out` neither breaks a run nor lengthens it, `carried` is as the week
before. An `event` has a week, from 1; the other kinds have a value. A pattern with fewer weeks than
are needed is refused.
"""
ORIGINALS = """\
## The original rules

Given as far as they were read: in the digest of definitions of the CTN-0094 project, or in
abstracts. Trials that sampled three times a week, or every other week, had other chances to see
use, so an adapted rate is not the rate that a trial published.
"""
PAGE_END = """\
## The package

```{eval-rst}
.. automodule:: mshg.outcomes
   :imported-members:
```
"""


def page() -> str:
    """The whole page."""
    adapted = (
        (
            f"`{key}`",
            d.kind.value,
            d.adaptation,
            d.missing.value,
            d.mixed.value,
            d.unscheduled.value,
            str(d.weeks_needed),
        )
        for key, d in DEFINITIONS.items()
    )
    head = ("key", "kind", "weekly rule", "missing", "mixed", "not scheduled", "weeks needed")
    published = ((f"`{key}`", d.original, _source(d)) for key, d in DEFINITIONS.items())
    return "\n".join(
        [
            PAGE_START,
            _table(head, adapted),
            ORIGINALS,
            _table(("key", "original rule", "source"), published),
            PAGE_END,
        ]
    )


def _source(definition: Definition) -> str:
    return f"{definition.title}. {definition.citation}"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "".join(f"| {' | '.join(line)} |\n" for line in (head, ("---",) * len(head), *rows))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
