"""Languages by their BCP 47 tags, and the names that people write for them."""

import re

from mshg._checks import Broken, broken, text

_TAG = re.compile(r"([A-Za-z]{2,3})(?:-[A-Za-z0-9]{1,8}){0,8}")

# ISO 639-1, the tags of two letters.
_ISO_639_1 = """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da
    de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz
    ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln
    lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi
    pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th
    ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
_TWO_LETTERS = frozenset(_ISO_639_1.split())
# Of three letters, those that have one of two, as BCP 47 asks for the shorter.
_SHORTER = {
    "ara": "ar",
    "chi": "zh",
    "zho": "zh",
    "dan": "da",
    "deu": "de",
    "ger": "de",
    "dut": "nl",
    "nld": "nl",
    "ell": "el",
    "eng": "en",
    "fas": "fa",
    "fin": "fi",
    "fra": "fr",
    "fre": "fr",
    "heb": "he",
    "hin": "hi",
    "hun": "hu",
    "ita": "it",
    "jpn": "ja",
    "kor": "ko",
    "lit": "lt",
    "nor": "no",
    "per": "fa",
    "pol": "pl",
    "por": "pt",
    "ron": "ro",
    "rus": "ru",
    "spa": "es",
    "swe": "sv",
    "tur": "tr",
    "ukr": "uk",
    "vie": "vi",
    "tha": "th",
}
_NAMES = {
    "ar": "arabic",
    "da": "danish dansk",
    "de": "german deutsch",
    "el": "greek",
    "en": "english",
    "es": "spanish espa\u00f1ol espanol castellano",
    "fa": "persian farsi",
    "fi": "finnish suomi",
    "fr": "french fran\u00e7ais francais",
    "ga": "irish gaeilge",
    "he": "hebrew",
    "hi": "hindi",
    "ht": "creole haitian",
    "hu": "hungarian magyar",
    "is": "icelandic",
    "it": "italian italiano",
    "ja": "japanese",
    "ko": "korean",
    "lt": "lithuanian",
    "ne": "nepali",
    "nl": "dutch nederlands",
    "no": "norwegian norsk",
    "pa": "punjabi",
    "pl": "polish polski",
    "pt": "portuguese portugu\u00eas portugues",
    "ro": "romanian",
    "ru": "russian",
    "so": "somali",
    "sv": "swedish svenska",
    "th": "thai",
    "tl": "tagalog filipino",
    "tr": "turkish",
    "uk": "ukrainian",
    "ur": "urdu",
    "vi": "vietnamese",
    "yi": "yiddish",
    "zh": "chinese mandarin cantonese",
    "ase": "asl",
}
_BY_NAME = {name: tag for tag, names in _NAMES.items() for name in names.split()}
_RULE = "must be a BCP 47 tag of a known language, such as en, es or zh-Hant"


def language(value: object) -> Broken:
    """A BCP 47 tag whose language is known; for a name, the rule says which tag it has."""
    if wrong := text(value):
        return wrong
    said = str(value).strip().lower()
    meant = _BY_NAME.get(said) or _SHORTER.get(said)
    found = _TAG.fullmatch(str(value))
    first = found[1].lower() if found else ""
    if meant is None and found and (first in _TWO_LETTERS or len(first) == 3):
        return ()
    hint = "" if meant is None else f"; did you mean {meant}?"
    return broken(_RULE + hint, code="invalid", allowed=None if meant is None else (meant,))
