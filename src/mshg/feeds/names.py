"""People's names in free text: where they stand, and taken out.

A name is known by what stands beside it: a masked number or address, "call" or "ask for", an
office, a last initial, or by the contact fields of the same row.
"""

import re
from collections.abc import Iterable, Mapping

from mshg.feeds.masks import patterns, words
from mshg.feeds.times import without_accents

_LONGEST_NAME = 500
_SHORT = 3


_PATTERNS = patterns("names")
_ORDINARY, _GIVEN, _AFTER_A_NAME, _AMBIGUOUS = (
    frozenset(words(name)) for name in ("ordinary", "given", "after_a_name", "ambiguous")
)

_CALLED = _PATTERNS["called"]
_IN_OFFICE = _PATTERNS["in_office"]
_CALLED_BY_INITIAL = _PATTERNS["called_by_initial"]
_IN_OFFICE_BY_INITIAL = _PATTERNS["in_office_by_initial"]
_CALLED_IN_TITLE = _PATTERNS["called_in_title"]
_CALLED_BEFORE_MASK = _PATTERNS["called_before_mask"]
_TITLED = _PATTERNS["titled"]
_MASK = r"\[(?:phone|email)\]"
_BEFORE_MASK = _PATTERNS["before_mask"]
_BEFORE_MASK_IN_TITLE = _PATTERNS["before_mask_in_title"]
_AFTER_MASK = _PATTERNS["after_mask"]
_IS_HOST = _PATTERNS["is_host"]
_HOLDS_OFFICE = _PATTERNS["holds_office"]
_TAKES_PART = _PATTERNS["takes_part"]
_INITIAL = _PATTERNS["initial"]

_ANOTHER = _PATTERNS["another"]

_NAMES_IN_TITLES = (
    *(_TITLED, _CALLED_BY_INITIAL, _IN_OFFICE_BY_INITIAL, _CALLED_IN_TITLE, _ANOTHER),
)
_WEAK = frozenset({_IN_OFFICE})
_BESIDE_A_MASK = frozenset({_BEFORE_MASK, _BEFORE_MASK_IN_TITLE, _AFTER_MASK})
_NAMES_BESIDE_MASKS = (
    *(_TITLED, _BEFORE_MASK_IN_TITLE, _AFTER_MASK, _CALLED, _IN_OFFICE, _CALLED_BEFORE_MASK),
    _INITIAL,
    _ANOTHER,
)
_NAMES_IN_NOTES = (
    *(_TITLED, _BEFORE_MASK, _AFTER_MASK, _CALLED, _IN_OFFICE, _CALLED_BEFORE_MASK, _IS_HOST),
    *(_HOLDS_OFFICE, _TAKES_PART, _INITIAL, _ANOTHER),
)


def without_names(text: str, *, is_notes: bool, known: Iterable[str]) -> tuple[str, int]:
    """Put a mask for each name, and count them.

    Parameters
    ----------
    text
        In which numbers and addresses are masked already.
    is_notes
        Whether names are looked for wherever a person may be named, or as in a title only.
    known
        Names that the row's contact fields tell, taken out wherever they stand.
    """
    hidden = 0
    lower = text.lower()
    for name in known:
        if name.lower() not in lower:
            continue
        case = re.IGNORECASE if " " in name else 0
        dot = r"\.?" if name[-2:-1] == " " else ""  # after an initial
        as_written = rf"(?<!\w){re.escape(name)}(?!\w){dot}"
        text, count = re.subn(as_written, "[name]", text, flags=case)
        hidden += count
    in_title = _NAMES_BESIDE_MASKS if re.search(_MASK, text) else _NAMES_IN_TITLES
    for pattern in _NAMES_IN_NOTES if is_notes else in_title:
        text, count = _without(pattern, text)
        hidden += count
    return text, hidden


def _without(pattern: re.Pattern[str], text: str) -> tuple[str, int]:
    count, is_weak, is_beside_a_mask = 0, pattern in _WEAK, pattern in _BESIDE_A_MASK

    def hide(found: re.Match[str]) -> str:
        nonlocal count
        first, *others = words = found[2].split()
        plain = [_plain(word) for word in words]
        is_initial = bool(others) and len(plain[1]) == 1
        may_be_one = plain[0] in _AMBIGUOUS and (is_initial or is_beside_a_mask)
        if (plain[0] in _ORDINARY and not may_be_one) or not plain[0]:  # Text José [phone]
            is_one = is_beside_a_mask and others and plain[1] not in _ORDINARY | {""}
            if is_initial or not others or not (is_one or plain[1] in _GIVEN):
                return found[0]
            count += 1
            return f"{found[1]}{found[2][: -len(others[0])]}[name]"
        if words[0].isupper() and len(plain[0]) > _SHORT and plain[0] not in _GIVEN:
            return found[0]  # RISE, NARCAN
        if is_weak and not (is_initial or plain[0] in _GIVEN):
            return found[0]
        rest = ""
        if others and not is_initial and plain[1] in _ORDINARY:
            if plain[1] not in _AFTER_A_NAME:
                return found[0]
            rest = found[2][len(first) :]
        count += 1
        return f"{found[1]}[name]{rest}"

    return pattern.sub(hide, text), count


def _plain(word: str) -> str:
    return without_accents(word).strip(".,'\u2019-").removesuffix("'s").removesuffix("\u2019s")


def tells_a_name(text: str) -> bool:
    """Whether a text holds a given name, or a name with a last initial, anywhere."""
    words = (_plain(word) for word in text.split() if word[:1].isupper())
    return _INITIAL.search(text) is not None or any(word in _GIVEN for word in words)


def names_in(row: Mapping[str, object], keys: Iterable[str]) -> tuple[str, ...]:
    """Names that contact fields tell, long enough to be looked for."""
    values = (row.get(key) for key in keys)
    texts = (v for v in values if isinstance(v, str) and len(v) <= _LONGEST_NAME)
    found = [" ".join(text.split()).rstrip(".") for text in texts]
    first = (name.partition(" ")[0] for name in found if " " in name)
    given = (word for word in first if word[0].isupper() and word.lower() not in _ORDINARY)
    return tuple(dict.fromkeys(name for name in (*found, *given) if len(name) > 2))
