"""Every sentence the library says, by key, in the language the host wants."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from os import PathLike
from pathlib import Path
from string import Formatter
from typing import Any, Self
from unicodedata import category

from attrs import field, frozen

from mshg._checks import PATH_LIKE, Broken, broken, is_path_like_bytes, line
from mshg.domain import FrozenMapping
from mshg.errors import Problem, ValidationError, WordingError

__all__ = ["Wording", "label", "load"]

_TAG = "tag"
_CAPITAL = re.compile("(?<!^)[A-Z]")
_KEYS = {  # of words that sentences are made with as well
    "concern": "concern.{word}",
    "dimension": "dimension.{word}.name",
    "substance": "substance.{word}",
}


def _sentences(value: Mapping[str, str]) -> FrozenMapping[str, str]:
    return FrozenMapping(value) if isinstance(value, Mapping) else value


@frozen(kw_only=True)
class Wording:
    """The sentences of one language.

    Parameters
    ----------
    language
        BCP 47 tag.
    sentences
        Sentence by dotted key (``caution.medication``). A key that is left out is said in
        English; see `missing`.

    Raises
    ------
    WordingError
        Keys that mshg does not know; sentences that hold line breaks or other control characters,
        or have other placeholders than the English one: one left out would hide what it stands
        for, such as whom to call in danger (only a distance in miles may be). A sentence of a
        safety notice may not be blank.
    """

    language: str
    sentences: Mapping[str, str] = field(converter=_sentences, repr=False)

    def __attrs_post_init__(self) -> None:
        problems = [p._replace(path=f"$.language{p.path}") for p in line(self.language)]
        if isinstance(self.sentences, Mapping):
            problems += _problems(self.sentences, _english())
        else:
            problems.append(Problem("$.sentences", "must be a mapping", code="wrong_type"))
        if problems:
            raise WordingError(problems)

    @classmethod
    def from_toml(cls, source: PathLike[str] | str | bytes, *, language: str) -> Self:
        """Read sentences in the shape of mshg's own ``wording/en.toml``.

        Parameters
        ----------
        source
            The `pathlib.Path` of a file, or what it holds as text or bytes.
        language
            BCP 47 tag of its language.

        Raises
        ------
        WordingError
            It is no TOML in UTF-8, it is text that looks like a path, or its sentences are
            refused.
        OSError
            The file can't be read.
        """
        if isinstance(source, str):
            content = source.encode("utf-8", "replace")
        else:
            content = source if isinstance(source, bytes) else Path(source).read_bytes()
        if isinstance(source, (str, bytes)) and is_path_like_bytes(content):
            raise WordingError([Problem("$", f"must be TOML, not {PATH_LIKE}", code="wrong_type")])
        return cls(language=language, sentences=_read(content))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle mshg's own wording by reference: every result holds it, and it is long."""
        if self == load():
            return load, ()
        return _pickled, (self.language, dict(self.sentences))

    @property
    def missing(self) -> tuple[str, ...]:
        """Keys that are said in English because this wording lacks them."""
        return tuple(key for key in _english() if key not in self.sentences)

    def has(self, key: str) -> bool:
        """Whether there is a sentence of this key, in this language or in English."""
        return key in self.sentences or key in _english()

    def say(self, key: str, **values: object) -> str:
        """Fill a sentence's placeholders."""
        sentence = self.sentences.get(key)
        return (_english()[key] if sentence is None else sentence).format_map(values)

    def label(self, word: str) -> str:
        """What a form or a page shows for a word of a closed list.

        Parameters
        ----------
        word
            A member of any of mshg's enumerations, such as `Barrier.COST` or `Stage.AWAY`; or a
            meeting's tag, a plain string. A tag of the host's own is shown as it is, with spaces.

        Raises
        ------
        ValidationError
            It is neither.

        Examples
        --------
        >>> from mshg import Barrier, wording
        >>> words = wording.load()
        >>> words.label(Barrier.WORK_HOURS), words.label("step_study")
        ('working hours', 'step study')
        """
        key = _key_of(word)
        if key in _english():
            return self.say(key)
        if type(word) is not str:
            rule = "must be a word of one of mshg's lists, or a tag"
            raise ValidationError([Problem("$.word", rule, "wrong_type")])
        return word.replace("_", " ")


def _pickled(language: str, sentences: dict[str, str]) -> Wording:
    return Wording(language=language, sentences=sentences)


@cache
def load() -> Wording:
    """Give mshg's own wording, in English.

    Examples
    --------
    >>> from mshg import wording
    >>> wording.load().say("goal.reduction")
    'Your goal is to use less'
    """
    return Wording(language="en", sentences=_english())


def label(word: str) -> str:
    """What a form or a page shows for a word of a closed list, in English.

    A translation has the same as a method: `Wording.label`.

    Examples
    --------
    >>> from mshg import TreatmentStatus, wording
    >>> [wording.label(status) for status in TreatmentStatus][:2]
    ['has had treatment', 'in treatment now']
    """
    return load().label(word)


def _key_of(word: object) -> str:
    """The key of a word's label: its list's name, then the word."""
    section = _TAG if type(word) is str else _CAPITAL.sub(r"_\g<0>", type(word).__name__).lower()
    return _KEYS.get(section, f"label.{section}.{{word}}").format(word=word)


@cache
def _english() -> Mapping[str, str]:
    return FrozenMapping(_read(files("mshg.wording").joinpath("en.toml").read_bytes()))


def _read(document: bytes) -> dict[str, str]:
    try:
        return _flat(tomllib.loads(document.decode()), "")
    except ValueError as error:  # not TOML, or not UTF-8
        raise WordingError(
            [Problem("$", f"must be TOML in UTF-8: {error}", code="malformed")]
        ) from error


def _flat(table: Mapping[str, Any], prefix: str) -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = value
    return flat


def _problems(sentences: Mapping[str, str], english: Mapping[str, str]) -> list[Problem]:
    problems: list[Problem] = []
    for key, sentence in sentences.items():
        if key not in english:
            problems.append(
                Problem(f"$.{key}", "is not the key of a sentence", code="unknown_field")
            )
            continue
        problems += [p._replace(path=f"$.{key}") for p in _broken(key, sentence, english[key])]
    return problems


def _broken(key: str, sentence: object, english: str) -> Broken:
    """What is wrong with a sentence, the first thing alone."""
    wanted = _placeholders(english) or set()
    found = _placeholders(sentence) if isinstance(sentence, str) else None
    if not isinstance(sentence, str) or found is None or not found <= wanted:
        rule = f"must be text; placeholders it may use: {_in_braces(wanted)}"
        return broken(rule, code="malformed")
    if dropped := wanted - found - _MAY_GO:
        return broken(f"must use its placeholders: {_in_braces(dropped)}", code="malformed")
    if wrong := line(f"x{sentence}"):  # it may be empty
        return wrong
    words = "".join(part for part, *_ in Formatter().parse(sentence))
    if key.startswith(_OF_SAFETY) and not any(map(_is_seen, words)):
        rule = "must hold words of its own: a safety notice rests on it"
        return broken(rule, code="malformed")
    return ()


def _in_braces(names: set[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names)) or "none"


_MAY_GO = {"miles"}  # a distance stands in kilometers as well
_OF_SAFETY = ("risk.safety.", "risk.contacts.", "risk.reported")
"""How the keys begin of which safety notices are made: none of them may be blank."""


def _is_seen(character: str) -> bool:
    """Whether a character can be seen: neither white space, nor a control, nor of no width."""
    return category(character)[0] not in "ZC"


def _placeholders(sentence: str) -> set[str] | None:
    """Names in braces, or None where the braces hold anything else."""
    try:
        parts = list(Formatter().parse(sentence))
    except ValueError:
        return None
    if any(spec or conversion for _, _, spec, conversion in parts):
        return None
    names = {name for _, name, _, _ in parts if name is not None}
    return names if all(name.isidentifier() for name in names) else None
