"""Where somebody's name stands in a text: in other letters, and with the endings of grammar."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

# Letters of these scripts stand next to those of other words without a space.
_UNSPACED = frozenset(
    ("CJK", "HANGUL", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN")
)
_ANYWHERE = {"CJK": 2, "HANGUL": 2, "HIRAGANA": 3, "THAI": 3, "LAO": 3, "KHMER": 3, "MYANMAR": 3}
"""From how many letters on a name is found within a run of its script (judgment)."""

_JOINING = re.compile("[\u1160-\u11ff\ud7b0-\ud7ff\uff9e\uff9f]")  # they complete a syllable
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
_WORD = re.compile(r"\w*")

# Which endings count is judgment: those that grammars give for names, where the longer word is
# seldom another name. They are matched folded, so that the Turkish dotless i is written i.
_OF_ANY = re.compile("s|es|ens|chen|lein|sche[nmrs]?")  # Kims, Fritzens
_CLITIC = "(?:ns[aä])?(?:kin|kaan|kään|han|hän|ko|kö)?"
_FINNISH_AFTER_A_VOWEL = re.compile(  # Annan, Annalle
    f"(?:n|ll[aäe]|lt[aä]|ss[aä]|st[aä]|ksi|tt[aä]){_CLITIC}"
)
_FINNISH_AFTER_A_CONSONANT = re.compile(  # Kimille
    f"i(?:ll[aäe]|lt[aä]|ss[aä]|st[aä]|ksi|tt[aä]){_CLITIC}"
)
_TURKISH_AFTER_A_VOWEL = re.compile(  # Ayşeye, Ayşenin, Ayşeyle, Ayşeler, Ayşedeki
    "(?:l[ae]r)?(?:y[aeiü]|yu|n[iuü]n|[dt][ae]n?|yl[ae]|l[ae]r[iı]?|l[iuü]|s[iuü]z|c[ae]"
    "|yken|ym[iuü]ş|yd[iuü]|ys[ae])?(?:ki)?"
)
_TURKISH_AFTER_A_CONSONANT = re.compile(  # Mehmete, Mehmetin, Mehmetle, Mehmetten
    "(?:l[ae]r)?(?:[aeiuü]|[iuü]n|[dt][ae]n?|l[ae]|l[ae]ri?|l[iuü]|s[iuü]z|[cç][ae]"
    "|[dt][iuü]|m[iuü]ş|s[ae])?(?:ki)?"
)
_HARMONY = {"a": "aı", "ı": "aı", "o": "au", "u": "au", "e": "ei", "i": "ei", "ö": "eü", "ü": "eü"}
"""The vowels that a Turkish ending may have after another."""

_LONG = 5  # letters; a shorter name and one vowel, or "in", are often another name: Paul, Paula
_VOWELS = frozenset("aeiouyäöüåıâîû")
_AFTER_ONE_SIGN = re.compile(  # titles and particles that follow a name of one sign
    "씨|님|군|양|아|야|이|가|은|는|을|를|의|와|과|도|에|께|랑|한테"
    "|さん|様|氏|君|くん|ちゃん|先生|は|が|を|に|の|と|も|へ|小姐|女士|太太|老师|老師"
)
_AFTER_KANA = re.compile("さん|さま|くん|ちゃん|は|が|を|に|の|と|も|へ|で|や|から|まで|より|って")
_CODE = re.compile(r"[\d_]")
_SHORT = 2


class Found(NamedTuple):
    """Where a name stands in a text."""

    spans: tuple[tuple[int, int], ...]
    is_alike: bool
    """Whether something else in it only looks like the name."""


class Name:
    """A name or an id to be found in texts.

    One that holds a digit or an underscore, or that is as short as two letters, is found as it
    is written and as a word only. Any other is found in either case, in each form that Unicode
    has for the same letters, and with the endings of grammar; in scripts that put no space
    between words, also within them.
    """

    def __init__(self, name: str) -> None:
        self._letters = _Folded(name.strip()).letters
        self._script = _script(self._letters[:1])
        is_short = self._script not in _UNSPACED and len(self._letters) <= _SHORT
        self._is_code = is_short or bool(_CODE.search(name))
        forms = {name, *(unicodedata.normalize(form, name) for form in ("NFC", "NFD"))}
        stems = () if self._is_code else tuple(_stems(self._letters))
        self._as_written = re.compile("|".join(map(re.escape, sorted(forms))))
        self._pattern = re.compile(_spelled(self._letters))
        self._stems = tuple(re.compile(_spelled(stem)) for stem in stems)
        self._alike = re.compile(
            ("" if self._script in _UNSPACED else r"(?<!\w)") + _spelled(bare(self._letters))
        )
        hint = _beginning(bare(name.strip()), *map(bare, stems))
        hint = max(re.split(r'[\s"\\\x00-\x1f\x7f]+', hint), key=len)  # as JSON writes it
        self._hint = hint[:1] if self._script in _UNSPACED else hint

    def may_be_in(self, document: str) -> bool:
        """Whether it is worth looking closer: true wherever `within` finds anything."""
        return self._hint in bare(document)

    def within(self, text: str) -> Found:
        """Where it stands in a text."""
        if self._is_code:
            return Found(tuple(self._as_it_is(text)), is_alike=False)
        spans = tuple(self._in_any_form(_Folded(text)))
        return Found(spans, bool(self._alike.search(bare(replaced(text, spans, " ")))))

    def _as_it_is(self, text: str) -> Iterator[tuple[int, int]]:
        for match in self._as_written.finditer(text):
            start, end = match.span()
            if _is_edge(text[start - 1 : start], text[start]) and _is_edge(
                text[end : end + 1], text[end - 1]
            ):
                yield start, end

    def _in_any_form(self, text: "_Folded") -> Iterator[tuple[int, int]]:
        last = 0
        for pattern in (self._pattern, *self._stems):
            for match in pattern.finditer(text.letters):
                start, end = match.span()
                if not (text.is_whole(start, end) and self._may_begin(text.letters, start)):
                    continue
                tail = self._tail(text, start, end, is_stem=pattern is not self._pattern)
                if tail is not None:
                    last = end + tail
                    yield text.starts[start], text.ends[last - 1]

    def _may_begin(self, letters: str, start: int) -> bool:
        return _is_edge(letters[start - 1 : start], letters[start]) or self._is_anywhere()

    def _is_anywhere(self) -> bool:
        return len(self._letters) >= _ANYWHERE.get(self._script, len(self._letters) + 1)

    def _tail(self, text: "_Folded", start: int, end: int, *, is_stem: bool) -> int | None:
        """How many letters after the name belong to it; None where the word is another one."""
        letters = text.letters
        if not is_stem and _is_edge(letters[end : end + 1], letters[end - 1]):
            return 0
        if self._script in _UNSPACED:
            after = _AFTER_KANA if self._script == "HIRAGANA" else _AFTER_ONE_SIGN
            return 0 if self._is_anywhere() or after.match(letters, end) else None
        word = _WORD.match(letters, end)
        rest = "" if word is None else word[0]
        while rest and _script(rest[-1]) in _UNSPACED:  # Kimさん
            rest = rest[:-1]
        if is_stem:
            return len(rest) if _FINNISH_AFTER_A_VOWEL.fullmatch(rest) else None
        is_ending = _is_ending(letters[start:end], rest) or _is_turkish(
            text.written(start, end), rest, text.written(end, end + len(rest))
        )
        return len(rest) if is_ending else None


def replaced(text: str, spans: tuple[tuple[int, int], ...], by: str) -> str:
    """The text with something else in place of each stretch."""
    end = 0
    parts = []
    for start, stop in sorted(spans):
        if start >= end:
            parts += [text[end:start], by]
            end = stop
    return "".join((*parts, text[end:]))


def bare(text: str) -> str:
    """Letters alone: in lower case, without accents and what can't be seen."""
    if text.isascii():
        return text.lower()
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    letters = "".join(c for c in letters if not unicodedata.combining(c)).replace("ı", "i")
    return _INVISIBLE.sub("", letters)


class _Folded:
    """A text's letters in the one form that names are compared in, and where each stands."""

    def __init__(self, text: str) -> None:
        self._text = text
        letters: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        for start, end in _segments(text):
            found = _fold(text[start:end])
            letters += found
            self.starts += [start] * len(found)
            self.ends += [end] * len(found)
        self.letters = "".join(letters)

    def is_whole(self, start: int, end: int) -> bool:
        """Whether a stretch of letters begins and ends where what is written does."""
        return (start == 0 or self.starts[start - 1] != self.starts[start]) and (
            end == len(self.letters) or self.starts[end] != self.starts[end - 1]
        )

    def written(self, start: int, end: int) -> str:
        """What stands in the text for a stretch of letters."""
        if start == end:
            return ""
        return self._text[self.starts[start] : self.ends[end - 1]]


def _segments(text: str) -> Iterator[tuple[int, int]]:
    """Each letter with the marks that belong to it."""
    start = 0
    for i, letter in enumerate(text):
        if i and not _is_joined(letter):
            yield start, i
            start = i
    if text:
        yield start, len(text)


@lru_cache(4096)
def _is_joined(letter: str) -> bool:
    if letter.isascii():
        return False
    return unicodedata.category(letter)[0] == "M" or bool(
        _JOINING.match(letter) or _INVISIBLE.match(letter)
    )


@lru_cache(4096)
def _fold(segment: str) -> str:
    letters = unicodedata.normalize("NFKC", segment).casefold()
    letters = unicodedata.normalize("NFKC", _INVISIBLE.sub("", letters))
    return letters.replace("i\u0307", "i").replace("ı", "i")


@lru_cache(4096)
def _script(letter: str) -> str:
    """The first word of what Unicode calls the letter."""
    return unicodedata.name(letter, "").split(" ")[0].split("-")[0] if letter else ""


def _is_edge(beside: str, letter: str) -> bool:
    """Whether a word ends between a letter of a name and what stands beside it."""
    if not beside or not (beside.isalnum() or beside == "_"):
        return True
    scripts = {_script(beside), _script(letter)}
    return len(scripts) == 2 and not scripts.isdisjoint(_UNSPACED)


def _spelled(letters: str) -> str:
    """A pattern of letters; a space is any white space, and none where the script needs none."""
    is_unspaced = _script(letters[:1]) in _UNSPACED
    words = ["".join(map(re.escape, word)) for word in letters.split()]
    if is_unspaced and len(letters) > _SHORT:
        return r"\s*".join(re.escape(letter) for letter in "".join(letters.split()))
    return r"\s+".join(words)


def _stems(letters: str) -> Iterator[str]:
    """The other stem that a Finnish name has before some endings: Virtasen, Matin."""
    if letters.endswith("nen"):
        yield f"{letters[:-3]}se"
    if re.search("(kk|pp|tt)[aeiouyäö]$", letters):
        yield f"{letters[:-2]}{letters[-1]}"


def _beginning(*words: str) -> str:
    """The letters that all begin with."""
    alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*words, strict=False))
    return "".join(letters[0] for letters in alike)


def _is_ending(name: str, rest: str) -> bool:
    """Whether a name goes on by an ending that needs no harmony of vowels."""
    if _OF_ANY.fullmatch(rest):
        return True
    last = name[-1]
    if last not in _VOWELS:
        is_long = len(name) >= _LONG and rest == "in"  # Johanin
        return is_long or bool(_FINNISH_AFTER_A_CONSONANT.fullmatch(rest))
    return rest in (last, f"{last}n") or bool(_FINNISH_AFTER_A_VOWEL.fullmatch(rest))


def _is_turkish(name: str, rest: str, written: str) -> bool:
    """Whether a name goes on by a Turkish ending, whose vowels go with those before them."""
    name, written = (unicodedata.normalize("NFC", part) for part in (name, written))
    if name[-1:].casefold() in _VOWELS or name[-1:] in "İI":
        endings = _TURKISH_AFTER_A_VOWEL
    else:
        endings = _TURKISH_AFTER_A_CONSONANT
    if not rest or not endings.fullmatch(rest) or (len(rest) == 1 and len(name) < _LONG):
        return False
    return _is_harmonic(name, written.removesuffix("ki"))


def _is_harmonic(name: str, ending: str) -> bool:
    before = next((v for v in map(_vowel, reversed(name)) if v), "")
    for vowel in filter(None, map(_vowel, ending)):
        allowed = {v for b in before for v in _HARMONY[b]} if before else set(vowel)
        if allowed.isdisjoint(vowel):
            return False
        before = "".join(allowed.intersection(vowel))
    return True


def _vowel(letter: str) -> str:
    """Which vowels a letter may be; in capitals, those of other languages have no dotless i."""
    if letter == "I":
        return "ıi"
    lower = "i" if letter == "İ" else letter.lower()
    return lower if lower in _HARMONY else ""
