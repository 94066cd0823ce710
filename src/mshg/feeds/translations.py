"""What other languages say of weeks, in the English words that `recurrence` reads.

Only phrases that can hardly mean anything else are put into English: a number, a day and the month
together ("el primer sábado de cada mes"), and the usual ways to say every other week and once a
month. Spanish, French, German, Portuguese, Italian and Dutch, in lower case and without accents.
"""

import re

from mshg.feeds.times import WEEKS

_MAY_SAY = re.compile(
    # A month, a week, a fortnight: all that is put into English holds one of these.
    r"\bmois\b|\bmes(?:es?)?\b|monat|\bmaand|\bsemana|\bsemaine|\bsettiman|\bwoche|\bweke?n?\b"
    r"|\bde\sweek|\bsur\s(?:2|deux)|\b(?:14|15)\b|quin[cz]|vierzehn|veertien|wekel|wochent|\bjeden\s"
)
_MARK = "[ea\u00ba\u00aa.]"
_NUMBERS = {
    "first": rf"primer[oa]?|premiere?|erste[nrs]?|primeir[oa]|prim[oa]|eerste|1(?:ere?|{_MARK})",
    "second": rf"segund[oa]|deuxieme|second[eoa]?|zweite[nrs]?|tweede|2(?:eme|nd|de|{_MARK})",
    "third": rf"tercer[oa]?|troisieme|dritte[nrs]?|terceir[oa]|terz[oa]|derde|3(?:eme|er|{_MARK})",
    "fourth": rf"cuart[oa]|quatrieme|vierte[nrs]?|quart[oa]|vierde|4(?:eme|{_MARK})",
    "fifth": rf"quint[oa]|cinquieme|funfte[nrs]?|vijfde|5(?:eme|{_MARK})",
    "last": "ultim[oa]|derniere?|letzte[nrs]?|laatste",
}
_ENGLISH, *_OTHERS = (week.split() for week in WEEKS)
_BARE = ["segunda", "terca", "quarta", "quinta", "sexta"]
_DAYS = {name: day for week in (*_OTHERS, _BARE) for name, day in zip(week, _ENGLISH, strict=False)}
_NUMBER = rf"(?:{'|'.join(_NUMBERS.values())})"
_DAY = rf"(?:{'|'.join(sorted(_DAYS, key=len, reverse=True))})"
_THE = (
    r"el|la|los|le|les|il|i|lo|o|a|no|na|der|den|am|jede[nr]?|de|het|op|ogni|cada|tod[oa]s?|chaque"
    r"|elke|iedere"
)
_IN_MONTH = (
    r"(?:(?:del|de|al|por)\s(?:cada\s)?mes|de\stodos\slos\smeses|(?:du|de\schaque|par|chaque)\smois"
    r"|(?:im|des|pro|jeden|in\sjedem|eines\sjeden)\smonat(?:e?s)?|(?:do|de\stodo)\smes"
    r"|(?:del|di\sogni|al)\smese|(?:van\s)?(?:de|elke|iedere)\smaand)\b"
)
_NUMBERED_DAY = re.compile(
    rf"\b(?:(?:{_THE})\s){{0,3}}"
    rf"(?P<numbers>{_NUMBER}(?:\s?(?:[,&/+]|y|et|und|e|en)\s?(?:(?:{_THE})\s)?{_NUMBER}){{0,4}})"
    rf"\s(?P<day>{_DAY})s?,?\s{_IN_MONTH}"
)
_OFTEN = {
    "every other week": (
        r"cada\s(?:2|dos)\ssemanas|cada\s(?:15|quince)\sdias|quincenal(?:mente)?"
        rf"|une?\s(?:semaine|{_DAY})\ssur\s(?:2|deux)|tous\sles\s(?:15|quinze)\sjours"
        r"|toutes\sles\s(?:2|deux)\ssemaines|alle\s(?:(?:2|zwei)\swochen|14\stage)|14-?tagig"
        rf"|vierzehntagig|zweiwochentlich|jede\szweite\swoche|jeden\szweiten\s{_DAY}"
        r"|a\scada\s(?:2|duas)\ssemanas|quinzenal(?:mente)?|a\scada\s(?:15|quinze)\sdias"
        r"|ogni\s(?:2|due)\ssettimane|a\ssettimane\salterne|ogni\s(?:15|quindici)\sgiorni"
        r"|om\sde\s(?:week|(?:2|twee)\sweken|(?:14|veertien)\sdagen)|tweewekelijks"
    ),
    "once a month": (
        r"una\svez\s(?:al|por)\smes|una\svolta\sal\smese|uma\svez\s(?:por|ao)\smes"
        rf"|jeden\s(?:ersten|dritten|vierten|letzten)\s{_DAY}"
        r"|une\sfois\spar\smois|einmal\s(?:im|pro)\smonat|(?:een\skeer|eens)\sper\smaand"
    ),
}
_BESIDE = {
    "meets ": (
        r"\b(?:(?:nous\snous|se|si|on\sse)\s(?:reunissons|reunen?|reunit|riunisce)"
        r"|wir\streffen\suns|trifft\ssich|reune-se|komt\sbijeen)\s"
    ),
    "only": r"\b(?:solo|solamente|seulement|uniquement|nur|apenas|somente|soltanto|alleen)\b",
    "except": r"\b(?:sauf|excepto|salvo|ausser|tranne|exceto|behalve)\b",
    "at ": r"\b(?:a\slas|as|um|alle(?:\sore)?|om|a)\s(?=\d)",
    "": r"(?<=\d)\s?(?:h|hrs|uhr|uur)\b(?!\d)",
    ":": r"(?<=\d)h(?=\d)",
    # What some weeks are for, rather than whether they take place.
    "topic": (
        r"\b(?:abiert|abert|apert|ouvert|offen|orador|sprecher|tradici|schritt|pasos?\b|pass[oi]\b"
        r"|etape|estud|libro|livre|livro|buch|anivers|annivers|geburtstag|servi[czt]|dienst"
        r"|arbeits|negoc|tema\b|thema|ficha|medai|medal|neuling|nouveau|nuevo|novos|nuovi|nieuw)\w*"
    ),
}
_PHRASES = {english: re.compile(rf"\b(?:{phrase})\b") for english, phrase in _OFTEN.items()}
_WORDS = {english: re.compile(words) for english, words in _BESIDE.items()}


def in_english(text: str) -> tuple[str, bool]:
    """Put what a text says of weeks into English; and whether there was anything to put."""
    if not _MAY_SAY.search(text):
        return text, False
    found, count = _NUMBERED_DAY.subn(_numbered, text)
    for english, phrase in _PHRASES.items():
        found, more = phrase.subn(english, found)
        count += more
    if not count:
        return text, False
    for english, words in _WORDS.items():
        found = words.sub(english, found)
    return found, True


def _numbered(said: re.Match[str]) -> str:
    numbers = re.findall(_NUMBER, said["numbers"])
    names = (next(e for e, n in _NUMBERS.items() if re.fullmatch(n, number)) for number in numbers)
    return f"{' & '.join(names)} {_DAYS[said['day']]} of the month"
