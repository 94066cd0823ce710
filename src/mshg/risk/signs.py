"""The signs that a risk score is made of: what is asked, in which unit, and what it is worth.

A sign's level runs in a straight line from 0 at ``zero`` to 1 at ``full`` and stays there beyond.
Its points, for each of the two risks, are judgment; the source gives their direction and their
order of size. Recent behavior carries most; what lies long ago and does not change, hardly any.
Gender, ethnicity and income are no signs.
"""

from attrs import frozen

from mshg._checks import broken, enforce, line, name, number
from mshg.events.vocabulary import SafetyKind

MOST_DAYS = 36_525
MOST_WEEKS = 5_218


RANGES: dict[str, tuple[float, float]] = {
    "use_rate": (0, 1),
    "use_within_goal": (0, 1),
    "days_since_use": (0, MOST_DAYS),
    "abstinent_weeks": (0, MOST_WEEKS),
    "missed_rate": (0, 1),
    "weeks_without_meeting": (0, MOST_WEEKS),
    "weeks_without_contact": (0, MOST_WEEKS),
    "attendance_trend": (-1_000, 1_000),
    "days_in_program": (0, MOST_DAYS),
    "silence": (0, 1),
    "check_ins_answered": (0, 1),
    "discomfort": (0, 10),
    "reluctance": (0, 1),
    "stress": (0, 10),
    "craving": (0, 10),
    "craving_change": (-10, 10),
    "confidence": (0, 10),
    "confidence_change": (-10, 10),
    "mood": (0, 10),
    "willingness": (0, 10),
    "people_who_use": (0, 1_000),
    "environment_losses": (0, 100),
    "prior_episodes": (0, 1_000),
    "aware": (28, 196),
    "bam_risk": (0, 24),
    "phq9": (0, 27),
    "meetings_per_week": (0, 100),
    "involvement": (0, 1),
    "recovery_supporters": (0, 1_000),
    "boundaries": (0, 1),
    "in_treatment": (0, 1),
    "on_medication": (0, 1),
    "bam_protective": (0, 24),
    "barc10": (10, 60),
    "medication_stopped": (0, 1),
    "medication_changed": (0, 1),
    "suicidal_thoughts": (0, 1),
    "overdose": (0, 1),
    "withdrawal": (0, 1),
    "opioid_lapse": (0, 1),
    "weeks_abstinent_before_lapse": (0, MOST_WEEKS),
    "opioids_with_sedatives": (0, 1),
    **{f"days_since_{kind}": (0, MOST_DAYS) for kind in SafetyKind},
    "days_with_use": (0, 7),
    "days_since_opioid_use": (0, MOST_DAYS),
    "days_since_discharge": (0, MOST_DAYS),
    "opioid_history": (0, 1),
    "days_since_stress_and_reluctance": (0, MOST_DAYS),
    "days_since_losses": (0, MOST_DAYS),
    "days_since_meeting": (0, MOST_DAYS),
    "days_since_heard": (0, MOST_DAYS),
}
"""Lowest and highest value of every input, in the order of `RiskInputs`."""


@frozen(kw_only=True)
class Sign:
    """One sign.

    Parameters
    ----------
    name
        Its name.
    zero, full
        Value of the input at which its level is 0, and 1.
    lapse, disengagement
        Points it adds to each score at level 1; negative where it helps.
    source
        What its direction and order of size rest on.
    reads
        The input it reads; for three signs the kernels add others.

    See ``docs/explanation/risk-model-and-limits.md``.
    """

    name: str
    zero: float
    full: float
    lapse: float
    disengagement: float
    source: str
    reads: str

    def __attrs_post_init__(self) -> None:
        enforce(
            name=name(self.name),
            zero=number(self.zero),
            full=number(self.full),
            lapse=number(self.lapse, -100, 100),
            disengagement=number(self.disengagement, -100, 100),
            source=line(self.source),
            reads=()
            if self.reads in RANGES
            else broken("is not the name of an input", code="not_one_of", allowed=tuple(RANGES)),
        )

    @property
    def goes_beyond(self) -> bool:
        """Whether its input has values beyond ``full``, or on the other side of ``zero``."""
        ends = [(end - self.zero) / (self.full - self.zero) for end in RANGES[self.reads]]
        return max(ends) > 1 or min(ends) < 0


# name, zero, full, points to lapse, points to disengagement, source
_TABLE: tuple[tuple[str, float, float, float, float, str], ...] = (
    ("use_rate", 0, 1, 16, 3, "past use is the foremost predictor (Wyant 2024)"),
    ("time_since_use", 0, 1, 10, 4, "rate of relapse falls with time (Kirshenbaum 2009)"),
    ("missed_rate", 0, 1, 12, 20, "published definitions count a missed test as use (CTNote)"),
    ("weeks_without_meeting", 0, 4, 1, 5, "no attendance is what it foresees (judgment)"),
    ("weeks_without_contact", 0, 4, 6, 10, "four missed weeks are drop-out (CTN-0094)"),
    ("attendance_fall", 0, -4, 2, 3, "a fall is not always less abstinence (Kaskutas 2009)"),
    ("early_period", 0, 1, 0, 3, "half are gone in three months (AA surveys 1977-1989)"),
    ("silence", 0, 1, 1, 3, "judgment"),
    ("check_ins_answered", 1, 0, 1, 4, "judgment"),
    ("discomfort", 0, 10, 0, 2, "tolerance of discomfort keeps people going (Beck 2024)"),
    ("reluctance", 0, 1, 1, 5, "reluctance to talk of the group (SAMHSA 2008)"),
    ("stress", 5, 10, 2, 2, "periods of extreme stress (SAMHSA 2008)"),
    ("craving", 0, 10, 5, 1, "OR 1.31 a unit, corrected (Vafaie and Kober 2022)"),
    ("craving_change", 0, 5, 4, 0, "as craving; change counts beside level (judgment)"),
    ("confidence", 10, 0, 4, 1, "self-efficacy comes next after use (Wyant 2024)"),
    ("confidence_change", 0, -5, 3, 0, "as confidence; change counts beside level (judgment)"),
    ("mood", 5, 0, 1, 1, "affect added less than theory says (Wyant 2024)"),
    ("willingness", 10, 0, 1, 3, "judgment"),
    ("people_who_use", 0, 3, 2, 1, "exposure to people who use (Pettersen 2019)"),
    ("environment_losses", 0, 2, 1, 1, "health and social factors (Sliedrecht 2019)"),
    ("medication_stopped", 0, 1, 1, 1, "deaths after treatment ends (PSU brief, second hand)"),
    ("prior_episodes", 0, 5, 1, 0, "severity (Sliedrecht 2019); a trait, so little"),
    ("aware", 28, 196, 3, 0, "r = .42 (Miller and Harris 2000)"),
    ("bam_risk", 0, 24, 1, 0, "AUC .83 with weekly check-ins (Chih 2014)"),
    ("phq9", 0, 27, 1, 1, "psychiatric comorbidity (Sliedrecht 2019)"),
    ("meetings_per_week", 0, 1, -5, -8, "weekly or more, not less (Fiorentine 1999)"),
    ("involvement", 0, 1, -3, -8, "involvement beyond attendance (Timko 2007)"),
    ("recovery_supporters", 0, 3, -3, -3, "network support (Litt 2009)"),
    ("boundaries", 0, 1, -1, 0, "protecting oneself (Pettersen 2019)"),
    ("in_treatment", 0, 1, -3, -3, "HR 0.29 during abstinence (Brecht and Herbeck 2014)"),
    ("on_medication", 0, 1, -3, -1, "fewer deaths after treatment with it (PSU, second hand)"),
    ("bam_protective", 0, 24, -1, -1, "AUC .83 with weekly check-ins (Chih 2014)"),
    ("barc10", 10, 60, -1, -2, "recovery capital (Vilsaint 2017)"),
)

_READS = {
    "time_since_use": "days_since_use",
    "attendance_fall": "attendance_trend",
    "early_period": "days_in_program",
}

SIGNS: tuple[Sign, ...] = tuple(
    Sign(
        name=n,
        zero=zero,
        full=full,
        lapse=lapse,
        disengagement=away,
        source=source,
        reads=_READS.get(n, n),
    )
    for n, zero, full, lapse, away, source in _TABLE
)
"""Every sign, in the order in which a score adds them up."""

BY_NAME = {sign.name: sign for sign in SIGNS}


WHETHER = frozenset(
    (
        *("reluctance", "boundaries", "in_treatment", "on_medication", "medication_stopped"),
        *("medication_changed", "suicidal_thoughts", "overdose", "withdrawal", "opioid_lapse"),
        *("opioids_with_sedatives", "opioid_history"),
    )
)
"""Inputs that are true or false."""
