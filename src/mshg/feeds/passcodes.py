"""Passcodes in free text: taken out together with the words that tell them.

Where it is not certain where a code ends ("Passcode: one day at a time"), the rest of the sentence
goes with it: a word too many beside a code does no harm, half a code in notes does.
Words that only speak of a code stay ("password required", "email for the password").
"""

import re
from collections.abc import Callable, Iterable, Iterator

from mshg.feeds.masks import patterns, words

_PATTERNS = patterns("passcodes")
_LABEL = _PATTERNS["label"]
_IN_A_SENTENCE = _PATTERNS["in_a_sentence"]
_SIGN = _PATTERNS["sign"]
_QUOTES = ('"', "\u201c", "\u201d", "\u00ab", "'", "\u2018")
_OPENING = (*_QUOTES, "(", "[")
_ENCLOSED = _PATTERNS["enclosed"]
_IN_GROUPS = _PATTERNS["in_groups"]
_ONE = _PATTERNS["one"]
_SENTENCE = _PATTERNS["sentence"]
_ID_AND_CODE = _PATTERNS["id_and_code"]
_SEVEN_DIGITS = _PATTERNS["seven_digits"]
_ORDINAL = _PATTERNS["ordinal"]
_LEAST_DIGITS = 3
_WITHOUT_ONE = _PATTERNS["without_one"]
_NO_CODE = re.compile(r"\b(?:no|without)\s{1,3}$", re.IGNORECASE)
_FAR_ENOUGH = 30  # for the words before a label

_ASKED_FOR = frozenset(words("asked_for"))
_SPOKEN_OF = _ASKED_FOR | frozenset(words("spoken_of"))
_ARTICLES = frozenset({"a", "an", "the", "is"})

_SAID_BEFORE = _PATTERNS["said_before"]
_OTHER_CODE = _PATTERNS["other_code"]
_MAY_HOLD = _PATTERNS["may_hold"]


def without_passcodes(text: str, put: Callable[[str], str]) -> tuple[str, list[str]]:
    """Text without passcodes, and these with the words that tell what they are.

    ``put`` gives what stands in their place.
    """
    taken: list[str] = []
    if _MAY_HOLD.search(text):
        for spans in (_said_before, _in_a_sentence, _after_a_label, _other_codes):
            text = _without(text, spans(text), taken, put)
    return text, taken


def _without(
    text: str, spans: Iterable[tuple[int, int]], taken: list[str], put: Callable[[str], str]
) -> str:
    parts: list[str] = []
    at = 0
    for start, end in spans:
        if start >= at:  # else a label in a code
            parts += (text[at:start], put(text[start:end]))
            taken.append(" ".join(text[start:end].split()))
            at = end
    return "".join((*parts, text[at:])) if parts else text


def _said_before(text: str) -> Iterator[tuple[int, int]]:
    return (found.span() for found in _SAID_BEFORE.finditer(text))


def _other_codes(text: str) -> Iterator[tuple[int, int]]:
    return (found.span() for found in _OTHER_CODE.finditer(text))


def _in_a_sentence(text: str) -> Iterator[tuple[int, int]]:
    """Codes that a sentence tells after it has spoken of one."""
    for found in _IN_A_SENTENCE.finditer(text):
        start, end = found.span("code")
        word = found["code"].rstrip(".,!?:")
        ends_there = text[end : end + 1] in ("", "\n") or found["code"] != word
        is_plain = word.lower() in _SPOKEN_OF | _ARTICLES
        if _is_alone(word) or (ends_there and not is_plain and word):
            groups = _IN_GROUPS.match(text, start)
            yield found.start(), groups.end() if groups else start + len(found["code"])


def _after_a_label(text: str) -> Iterator[tuple[int, int]]:
    for label in _LABEL.finditer(text):
        end = _end(text, label)
        if end is not None:
            yield label.start(), end


def _end(text: str, label: re.Match[str]) -> int | None:
    """Where the code after a label ends; None where there is none."""
    sign = _SIGN.match(text, label.end())
    at = label.end() if sign is None else sign.end()
    begin = text[at : at + 1]
    is_sure = begin in _QUOTES or (sign is not None and sign["sure"] is not None)
    is_stated = is_sure or (sign is not None and sign["is"] is not None)
    if label["id"] and (both := _ID_AND_CODE.match(text, at)):
        return both.end()
    enclosed = _ENCLOSED.match(text, at)
    first = _ONE.match(text, at + (begin in _OPENING))
    if first is None:
        return None
    if _is_alone(first[0]):
        return (enclosed or _IN_GROUPS.match(text, first.start()) or first).end()
    word = first[0].lower().strip(".,:!?'\u2019*-")
    never = _ASKED_FOR if is_sure else _SPOKEN_OF if is_stated else _SPOKEN_OF | _ARTICLES
    is_none = bool(label["between"]) and _NO_CODE.search(text[: label.start()][-_FAR_ENOUGH:])
    if is_none or not word or word in never or not (is_stated or _stands_alone(text, label, first)):
        return None
    if enclosed:
        return enclosed.end()
    goes_on = is_stated or first[0][0].islower()
    rest = _SENTENCE.match(text, first.start()) if goes_on else None
    return first.end() if rest is None or _tells_of_somebody(text, rest) else rest.end()


def _tells_of_somebody(text: str, rest: re.Match[str]) -> bool:
    """Whether there is a number to call, or an address, in a sentence or right behind it."""
    behind = text[rest.end() : rest.end() + 2].strip()
    return behind.startswith("[") or _SEVEN_DIGITS.search(rest[0]) is not None


def _stands_alone(text: str, label: re.Match[str], first: re.Match[str]) -> bool:
    """Whether a label with no sign after it is on one line with a word, and needs no other."""
    before = text[max(0, label.start() - _FAR_ENOUGH) : label.start()]
    between = text[label.end() : first.start()]
    return "\n" not in between and _WITHOUT_ONE.search(before) is None


def _is_alone(word: str) -> bool:
    """Whether a word reads as a whole code: letters with digits, or several digits."""
    digits = sum(c.isdigit() for c in word)
    has_letters = any(c.isalpha() for c in word)
    is_code = digits >= _LEAST_DIGITS or (digits > 0 and has_letters)
    return is_code and not _ORDINAL.fullmatch(word)
