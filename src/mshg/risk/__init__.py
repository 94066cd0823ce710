"""Warning signs to a score and a tier, for two risks, with reasons that can be read.

A score is a reason to call, no diagnosis and no probability. What was validated, on whom, and what
was not: ``docs/explanation/risk-model-and-limits.md``.
"""

from mshg.events.vocabulary import SafetyKind
from mshg.risk import instruments
from mshg.risk.engine import assess, assess_table
from mshg.risk.evaluation.audits import Audit, AuditRow, Estimate, audit
from mshg.risk.evaluation.calibrations import Calibration, Reliability, calibrate
from mshg.risk.evaluation.capacities import Calls, CapacityThreshold, capacity_threshold
from mshg.risk.evidence import Evidence
from mshg.risk.floors import FLOORS, URGENCY_RULES, Floor
from mshg.risk.inputs import INPUT_CAUTIONS, STRENGTHS, RiskColumns, RiskInputs
from mshg.risk.parameters import (
    DEFAULT_PARAMETERS,
    HALF_LIFE_DAYS,
    METHOD_VERSION,
    RISKS,
    TIERS,
    URGENCIES,
    RiskParameters,
)
from mshg.risk.patterns import columns_from_patterns
from mshg.risk.results import Contribution, FloorReason, RiskAssessment, RiskTable, Strength
from mshg.risk.safety import CrisisContacts, SafetyNotice
from mshg.risk.signs import SIGNS, Sign
from mshg.risk.tables import columns_from_table

__all__ = [
    "DEFAULT_PARAMETERS",
    "FLOORS",
    "HALF_LIFE_DAYS",
    "INPUT_CAUTIONS",
    "METHOD_VERSION",
    "RISKS",
    "SIGNS",
    "STRENGTHS",
    "TIERS",
    "URGENCIES",
    "URGENCY_RULES",
    "Audit",
    "AuditRow",
    "Calibration",
    "Calls",
    "CapacityThreshold",
    "Contribution",
    "CrisisContacts",
    "Estimate",
    "Evidence",
    "Floor",
    "FloorReason",
    "Reliability",
    "RiskAssessment",
    "RiskColumns",
    "RiskInputs",
    "RiskParameters",
    "RiskTable",
    "SafetyKind",
    "SafetyNotice",
    "Sign",
    "Strength",
    "assess",
    "assess_table",
    "audit",
    "calibrate",
    "capacity_threshold",
    "columns_from_patterns",
    "columns_from_table",
    "instruments",
]
