"""What people's own words for who they are say of what they live with.

Words are looked for as whole words, in any case. The lists are judgment and short: a word that is
not in them says nothing, and nothing is closed by it.
"""

import re
from collections.abc import Collection
from functools import cache

from mshg.domain.vocabulary import Focus

FAITHS = frozenset((Focus.CHRISTIAN, Focus.MUSLIM, Focus.JEWISH, Focus.BUDDHIST))

_WORDS: dict[Focus, tuple[str, ...]] = {
    Focus.DUAL_DIAGNOSIS: (
        *("dual diagnosis", "dually diagnosed", "dual disorder", "dual recovery", "co occurring"),
        *("mental illness", "mental health condition", "mental health diagnosis", "bipolar"),
        *("schizophrenia", "schizoaffective", "psychosis", "depression", "ptsd", "ocd"),
        *("anxiety disorder", "panic disorder", "personality disorder"),
    ),
    Focus.LGBTQ: (
        *("lgbtq", "lgbt", "lgbtqia", "gay", "lesbian", "bisexual", "pansexual", "queer"),
        *("trans", "transgender", "nonbinary", "non binary", "two spirit"),
    ),
    Focus.CHRISTIAN: (
        *("christian", "catholic", "protestant", "evangelical", "baptist", "methodist"),
        *("lutheran", "presbyterian", "pentecostal", "episcopalian", "anglican", "adventist"),
    ),
    Focus.MUSLIM: ("muslim",),
    Focus.JEWISH: ("jewish", "jew"),
    Focus.BUDDHIST: ("buddhist",),
    Focus.NATIVE_AMERICAN: (
        *("native american", "american indian", "alaska native", "indigenous", "first nations"),
    ),
}
SITUATIONS = frozenset(_WORDS)
"""What people say that they live with in their own words; not gender, age or the like."""

# "not religious", "ex-Catholic", "non-Muslim": the word after these says what the person is not.
_DENIED = r"(?<!\bnot )(?<!\bnon )(?<!\bno )(?<!\bex )(?<!\bformer )(?<!\bformerly )"


@cache
def _pattern(focus: Focus) -> re.Pattern[str]:
    return re.compile(rf"{_DENIED}\b(?:{'|'.join(_WORDS[focus])})\b")


def situations(identities: Collection[str]) -> frozenset[Focus]:
    """What people's own words for who they are say that they live with."""
    if not identities:
        return frozenset()
    plain = [" ".join(re.findall(r"\w+", identity.casefold())) for identity in identities]
    return frozenset(f for f in _WORDS if any(_pattern(f).search(words) for words in plain))
