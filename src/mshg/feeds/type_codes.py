"""What type codes and formats mean, in one neutral vocabulary: ``type_codes.toml``."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

ONLINE, CLOSED_PLACE = "online_format", "closed_place_format"
HYBRID, IN_PERSON = "hybrid_format", "in_person_format"
OF_MODE = frozenset({ONLINE, CLOSED_PLACE, HYBRID, IN_PERSON})
"""Tags that say how a meeting can be attended: they become its mode, and stay no tags."""

_PROGRAMS_OF_GROUPS = {
    "aa_secular": "aa",
    "recovery_dharma": "rd",
    "refuge_recovery": "rr",
}


_WORD = re.compile(r"[^\W\d_]{3,40}")
_ENDING = re.compile(r"\s(?:meetings?|groups?|only|focus(?:ed)?|study|welcome|available|format)$")


class Meaning(NamedTuple):
    """What a code says: tags, languages, or both."""

    tags: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()


NOTHING = Meaning()


@cache
def _tables() -> Mapping[str, Any]:
    return tomllib.loads((files(__package__) / "type_codes.toml").read_text(encoding="utf-8"))


def programs() -> tuple[str, ...]:
    """Programs whose codes are known."""
    return tuple(_tables()["programs"])


def program_of(name: str) -> str | None:
    """The program that a group's id or a program's name, in either spelling, stands for."""
    program = _PROGRAMS_OF_GROUPS.get(name, name).replace("_", "-")
    return program if program in _tables()["programs"] else None


@cache
def codes_of(program: str | None) -> Mapping[str, Meaning]:
    """What each code of a program means, by the code in lower case."""
    tables = _tables()
    if program is None:
        return {}
    own = tables["own_languages"].get(program, {})
    languages = {c: t for c, t in tables["languages"].items() if t not in own.values()} | own
    found = {code.lower(): Meaning(languages=frozenset({t})) for code, t in languages.items()}
    # A program's own code goes before a language's, but for those where nobody can tell.
    found |= {code.lower(): m for code, m in _by_code(tables["programs"][program]).items()}
    for code in tables["unclear"].get(program, "").split():
        found.pop(code.lower(), None)
    return found


def _by_code(tags: Mapping[str, str]) -> dict[str, Meaning]:
    found: dict[str, set[str]] = {}
    for tag, codes in tags.items():
        for code in codes.split():
            found.setdefault(code, set()).add(tag)
    return {code: Meaning(tags=frozenset(t)) for code, t in found.items()}


@lru_cache(maxsize=4096)
def meaning_of(program: str | None, text: str) -> Meaning:
    """What a code of a program means, or a label that stands where a code should."""
    text = text.lower().strip(" []")
    found = codes_of(program).get(text) or words().get(text)
    endings = _ENDING.findall(text) if found is None else ()
    for ending in endings:
        found = words().get(text.removesuffix(ending)) if found is None else found
    if found is None and "/" in text:
        parts = [words().get(part.strip(), NOTHING) for part in text.split("/")]
        found = NOTHING if NOTHING in parts else union(parts)
    return NOTHING if found is None else found


@lru_cache(maxsize=4096)
def meanings_of(program: str | None, codes: tuple[str, ...]) -> tuple[Meaning, tuple[str, ...]]:
    """What a row's codes say together, and those of them that say nothing."""
    found = {code: meaning_of(program, code) for code in codes}
    return union(found.values()), tuple(code for code, m in found.items() if m == NOTHING)


@cache
def vocabulary() -> frozenset[str]:
    """Words that stand in labels, in lower case."""
    labels = (*words(), *_tables()["other_labels"]["words"])
    return frozenset(_WORD.findall(" ".join(labels)))


def is_known_wording(text: str) -> bool:
    """Whether a label holds a word that labels are made of, so that it can be shown."""
    return not vocabulary().isdisjoint(_WORD.findall(text.lower()))


@cache
def words() -> Mapping[str, Meaning]:
    """What a label means that stands where a code should, by the label in lower case."""
    tables = _tables()
    tags = {w: Meaning(tags=frozenset({t})) for t, ws in tables["words"].items() for w in ws}
    names = tables["language_names"].items()
    return tags | {w: Meaning(languages=frozenset({t})) for t, ws in names for w in ws}


@cache
def format_keys(language: str) -> Mapping[str, Meaning]:
    """What a BMLT server's formats mean by key, as a new server has them in a language."""
    tables = _tables()["bmlt"]
    found = _by_code(tables["keys"])
    for key, tags in tables["languages"].items():
        found[key] = Meaning(languages=frozenset(tags.split()))
    other = tables["translations"].get(language, {})
    return found | {key: found.get(english, NOTHING) for key, english in other.items()}


def world_codes() -> tuple[str, ...]:
    """The codes of formats that are the same on every BMLT server."""
    return tuple(_tables()["bmlt"]["world"])


def format_meaning(world: str, name: str, key: str) -> Meaning:
    """What a BMLT format means: by its world code, which is the same everywhere, and its name.

    Its key, which is each server's own, is asked where both say nothing.
    """
    labels = [label.strip() for label in name.lower().replace("&", "/").split("/")]
    known = [words()[label] for label in (name.lower().strip(), *labels) if label in words()]
    keys = format_keys("en")
    if world in (of_world := _tables()["bmlt"]["world"]):
        known.append(keys[of_world[world]])
    return union(known) if known else keys.get(key, NOTHING)


def union(meanings: Iterable[Meaning]) -> Meaning:
    """What several codes say together."""
    kept = list(meanings)
    return Meaning(
        frozenset().union(*(m.tags for m in kept)),
        frozenset().union(*(m.languages for m in kept)),
    )
