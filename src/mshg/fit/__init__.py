"""Philosophy fit: how well what a group believes and does fits what a person believes and wants.

Fit predicts taking part, not that one group works better than another. It orders options and
never removes one.
"""

from mshg.fit.engine import (
    GOAL_ABSTINENCE,
    assess,
    declined_mask,
    encode,
    open_mask,
    score_table,
)
from mshg.fit.parameters import DEFAULT_PARAMETERS, METHOD_VERSION, FitParameters
from mshg.fit.results import (
    Exclusion,
    ExclusionRule,
    FitTable,
    GroupFit,
    Option,
    Shortlist,
)
from mshg.fit.shortlists import shortlist

__all__ = [
    "DEFAULT_PARAMETERS",
    "GOAL_ABSTINENCE",
    "METHOD_VERSION",
    "Exclusion",
    "ExclusionRule",
    "FitParameters",
    "FitTable",
    "GroupFit",
    "Option",
    "Shortlist",
    "assess",
    "declined_mask",
    "encode",
    "open_mask",
    "score_table",
    "shortlist",
]
