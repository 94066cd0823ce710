"""Engagement: how people take part, from what happened."""

from mshg.engagement.columns import EventColumns, Kind
from mshg.engagement.engine import summary_table
from mshg.engagement.parameters import (
    DEFAULT_PARAMETERS,
    METHOD_VERSION,
    EngagementParameters,
    Stage,
    StageRule,
)
from mshg.engagement.results import EngagementTable

__all__ = [
    "DEFAULT_PARAMETERS",
    "METHOD_VERSION",
    "EngagementParameters",
    "EngagementTable",
    "EventColumns",
    "Kind",
    "Stage",
    "StageRule",
    "summary_table",
]
