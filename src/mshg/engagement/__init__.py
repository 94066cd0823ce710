"""Engagement: whether and how people take part, from what happened.

Measures, for one person or for many. None of them says anything of use or abstinence, and going
less is a reason to ask.
"""

from mshg.engagement.columns import EventColumns
from mshg.engagement.engine import summarize, summarize_table
from mshg.engagement.parameters import (
    DEFAULT_PARAMETERS,
    METHOD_VERSION,
    EngagementParameters,
    Stage,
    StageRule,
)
from mshg.engagement.records import Kind, RoleSpan
from mshg.engagement.results import EngagementTable
from mshg.engagement.summaries import EngagementSummary, Timeline

__all__ = [
    "DEFAULT_PARAMETERS",
    "METHOD_VERSION",
    "EngagementParameters",
    "EngagementSummary",
    "EngagementTable",
    "EventColumns",
    "Kind",
    "RoleSpan",
    "Stage",
    "StageRule",
    "Timeline",
    "summarize",
    "summarize_table",
]
