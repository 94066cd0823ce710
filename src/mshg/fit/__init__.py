"""Philosophy fit: how well what a group believes and does fits what a person believes and wants.

Fit predicts taking part, not that one group works better than another. It orders options and
never removes one.
"""

from mshg.fit.engine import (
    GOAL_ABSTINENCE,
    assess,
    certain_table,
    change_table,
    declined_mask,
    encode,
    next_question_table,
    score_table,
)
from mshg.fit.interviews import Interview, Question, interview
from mshg.fit.options import open_mask, option_mask
from mshg.fit.parameters import DEFAULT_PARAMETERS, METHOD_VERSION, FitParameters
from mshg.fit.results import (
    Change,
    Exclusion,
    ExclusionRule,
    GroupFit,
    Option,
    Outscored,
    Shortlist,
)
from mshg.fit.shortlists import shortlist
from mshg.fit.tables import CertainTable, ChangeTable, FitTable, NextQuestionTable

__all__ = [
    "DEFAULT_PARAMETERS",
    "GOAL_ABSTINENCE",
    "METHOD_VERSION",
    "CertainTable",
    "Change",
    "ChangeTable",
    "Exclusion",
    "ExclusionRule",
    "FitParameters",
    "FitTable",
    "GroupFit",
    "Interview",
    "NextQuestionTable",
    "Option",
    "Outscored",
    "Question",
    "Shortlist",
    "assess",
    "certain_table",
    "change_table",
    "declined_mask",
    "encode",
    "interview",
    "next_question_table",
    "open_mask",
    "option_mask",
    "score_table",
    "shortlist",
]
