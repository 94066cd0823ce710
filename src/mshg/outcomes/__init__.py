"""What became of people: published outcomes over weekly patterns, for one person or a million.

A pattern has one character a week: ``+`` use, ``-`` no use, ``o`` missing, ``*`` mixed, ``_`` not
scheduled. Which definition is chosen, and what it takes a missing week for, moves a rate far; so
every definition tells both.
"""

from mshg.outcomes.definitions import DEFINITIONS
from mshg.outcomes.engine import compare_definitions, evaluate
from mshg.outcomes.parameters import (
    METHOD_VERSION,
    AllHold,
    Counted,
    CountWeeks,
    Definition,
    Ever,
    FirstTime,
    Kind,
    LongestRun,
    Reading,
    Rule,
    Span,
    Window,
)
from mshg.outcomes.patterns import CODES, WeeklyPatterns, read_patterns
from mshg.outcomes.records import patterns_from_events
from mshg.outcomes.results import DefinitionComparison, OutcomeTable
from mshg.outcomes.tables import patterns_from_table

__all__ = [
    "CODES",
    "DEFINITIONS",
    "METHOD_VERSION",
    "AllHold",
    "CountWeeks",
    "Counted",
    "Definition",
    "DefinitionComparison",
    "Ever",
    "FirstTime",
    "Kind",
    "LongestRun",
    "OutcomeTable",
    "Reading",
    "Rule",
    "Span",
    "WeeklyPatterns",
    "Window",
    "compare_definitions",
    "evaluate",
    "patterns_from_events",
    "patterns_from_table",
    "read_patterns",
]
