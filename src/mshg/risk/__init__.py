"""Warning signs to a score and a tier, for two risks, with reasons that can be read.

A score is a reason to call, no diagnosis and no probability. What was validated, on whom, and what
was not: ``docs/explanation/risk-model-and-limits.md``.
"""

from mshg.risk import instruments
from mshg.risk.engine import assess, assess_table
from mshg.risk.evaluation.audits import Audit, AuditRow, Estimate, audit
from mshg.risk.evaluation.calibrations import Calibration, Reliability, calibrate
from mshg.risk.evaluation.capacities import Calls, CapacityThreshold, capacity_threshold
from mshg.risk.inputs import RiskColumns, RiskInputs
from mshg.risk.parameters import (
    DEFAULT_PARAMETERS,
    HALF_LIFE_DAYS,
    METHOD_VERSION,
    RISKS,
    TIERS,
    RiskParameters,
)
from mshg.risk.patterns import columns_from_patterns
from mshg.risk.results import Contribution, RiskAssessment, RiskTable
from mshg.risk.safety import CrisisContacts, SafetyKind, SafetyNotice
from mshg.risk.signs import SIGNS, Sign
from mshg.risk.tables import columns_from_table

__all__ = [
    "DEFAULT_PARAMETERS",
    "HALF_LIFE_DAYS",
    "METHOD_VERSION",
    "RISKS",
    "SIGNS",
    "TIERS",
    "Audit",
    "AuditRow",
    "Calibration",
    "Calls",
    "CapacityThreshold",
    "Contribution",
    "CrisisContacts",
    "Estimate",
    "Reliability",
    "RiskAssessment",
    "RiskColumns",
    "RiskInputs",
    "RiskParameters",
    "RiskTable",
    "SafetyKind",
    "SafetyNotice",
    "Sign",
    "assess",
    "assess_table",
    "audit",
    "calibrate",
    "capacity_threshold",
    "columns_from_patterns",
    "columns_from_table",
    "instruments",
]
