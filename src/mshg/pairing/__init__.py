"""First friends and coaches for everyone who wants one: pairs that both sides can accept."""

from mshg._requests import PairingRequest
from mshg.pairing.engine import blocking_pairs, match, match_arrays
from mshg.pairing.parameters import (
    DEFAULT_PARAMETERS,
    METHOD_VERSION,
    Constraint,
    PairingParameters,
    Weights,
)
from mshg.pairing.repairs import (
    CapacityChanged,
    Change,
    PairDeclined,
    PersonJoined,
    PersonLeft,
    SupporterJoined,
    SupporterLeft,
    repair,
)
from mshg.pairing.results import (
    Certificate,
    HelpfulChange,
    Lapsed,
    LongestWait,
    Move,
    MoveCause,
    Pair,
    Pairing,
    PairingArrays,
    Unmatched,
)
from mshg.pairing.verification import verify

__all__ = [
    "DEFAULT_PARAMETERS",
    "METHOD_VERSION",
    "CapacityChanged",
    "Certificate",
    "Change",
    "Constraint",
    "HelpfulChange",
    "Lapsed",
    "LongestWait",
    "Move",
    "MoveCause",
    "Pair",
    "PairDeclined",
    "Pairing",
    "PairingArrays",
    "PairingParameters",
    "PairingRequest",
    "PersonJoined",
    "PersonLeft",
    "SupporterJoined",
    "SupporterLeft",
    "Unmatched",
    "Weights",
    "blocking_pairs",
    "match",
    "match_arrays",
    "repair",
    "verify",
]
