"""Patterns and word lists by which texts are masked, as data with their examples."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

_PART = re.compile(r"<<([a-z_]{1,40})>>")
_FLAGS = {"i": re.IGNORECASE, "s": re.DOTALL}


@cache
def tables(name: str) -> Mapping[str, Any]:
    """What one of the data files holds."""
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@cache
def patterns(name: str) -> Mapping[str, re.Pattern[str]]:
    """The patterns of a data file, by name."""
    table = tables(name)
    parts = {"providers": "|".join(map(re.escape, words("providers")))}
    parts |= {part: _joined(text) for part, text in table["parts"].items()}

    def whole(text: str) -> str:
        return _PART.sub(lambda found: whole(parts[found[1]]), text)

    return {
        key: re.compile(
            whole(_joined(entry["pattern"])),
            sum((_FLAGS[flag] for flag in entry.get("flags", "")), re.NOFLAG),
        )
        for key, entry in table["patterns"].items()
    }


def _joined(text: str) -> str:
    """Several lines as one."""
    return "".join(line.removeprefix("  ") for line in text.split("\n"))


@cache
def words(name: str) -> tuple[str, ...]:
    """A word list, in its order."""
    return tuple(tables("words")[name].split())
