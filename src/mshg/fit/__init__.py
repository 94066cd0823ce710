"""Philosophy fit: how well what a group believes and does fits what a person believes and wants.

Fit predicts taking part, not that one group works better than another. It orders options and
never removes one.
"""

from mshg.fit.encoding import GOAL_ABSTINENCE, belonging, declined_mask, encode, reach
from mshg.fit.engine import (
    certain_table,
    counterfactual_table,
    next_question_table,
    ranking_table,
    score,
    score_table,
)
from mshg.fit.intakes import Choice, Intake, IntakeQuestion, IntakeTopic, intake
from mshg.fit.interviews import Interview, Question, interview
from mshg.fit.options import open_mask, option_mask
from mshg.fit.parameters import DEFAULT_PARAMETERS, METHOD_VERSION, FitParameters
from mshg.fit.results import (
    Counterfactual,
    Exclusion,
    ExclusionRule,
    GroupFit,
    NotShown,
    Option,
    PlaceRule,
    RankPart,
    SetBehind,
    Shortlist,
)
from mshg.fit.shortlists import shortlist
from mshg.fit.tables import (
    CertainTable,
    CounterfactualTable,
    FitTable,
    NextQuestionTable,
    RankingTable,
)

__all__ = [
    "DEFAULT_PARAMETERS",
    "GOAL_ABSTINENCE",
    "METHOD_VERSION",
    "CertainTable",
    "Choice",
    "Counterfactual",
    "CounterfactualTable",
    "Exclusion",
    "ExclusionRule",
    "FitParameters",
    "FitTable",
    "GroupFit",
    "Intake",
    "IntakeQuestion",
    "IntakeTopic",
    "Interview",
    "NextQuestionTable",
    "NotShown",
    "Option",
    "PlaceRule",
    "Question",
    "RankPart",
    "RankingTable",
    "SetBehind",
    "Shortlist",
    "belonging",
    "certain_table",
    "counterfactual_table",
    "declined_mask",
    "encode",
    "intake",
    "interview",
    "next_question_table",
    "open_mask",
    "option_mask",
    "ranking_table",
    "reach",
    "score",
    "score_table",
    "shortlist",
]
