"""The few numbers of engagement, and the words for its stages."""

from enum import StrEnum

from attrs import frozen

from mshg._checks import Broken, broken, enforce, number, share, whole

METHOD_VERSION = "engagement-2"
"""Changes whenever the same events would get other numbers."""

_MOST_DAYS = 36_500


class Stage(StrEnum):
    """How far somebody has come with a group, in the order of the usual way.

    By how much part they take, from least to most: ``referred``, ``away``, ``tried``,
    ``drifting``, ``attending``, ``involved``.
    """

    REFERRED = "referred"
    TRIED = "tried"
    ATTENDING = "attending"
    INVOLVED = "involved"
    DRIFTING = "drifting"
    AWAY = "away"


class StageRule(StrEnum):
    """What put a person in a stage. The first rule that holds does."""

    NOT_YET_ATTENDED = "not_yet_attended"
    LONG_AGO = "long_ago"
    FEW_MEETINGS = "few_meetings"
    NOT_LATELY = "not_lately"
    TAKES_PART = "takes_part"
    ATTENDS = "attends"
    INVOLVEMENT_UNKNOWN = "involvement_unknown"

    @property
    def stage(self) -> Stage:
        """The stage that the rule leads to."""
        return _STAGES[self]


_STAGES = {
    StageRule.NOT_YET_ATTENDED: Stage.REFERRED,
    StageRule.LONG_AGO: Stage.AWAY,
    StageRule.FEW_MEETINGS: Stage.TRIED,
    StageRule.NOT_LATELY: Stage.DRIFTING,
    StageRule.TAKES_PART: Stage.INVOLVED,
    StageRule.ATTENDS: Stage.ATTENDING,
    StageRule.INVOLVEMENT_UNKNOWN: Stage.ATTENDING,
}


@frozen(kw_only=True)
class EngagementParameters:
    """Numbers of engagement. All are judgment where no source is named.

    Parameters
    ----------
    half_life_days, long_half_life_days
        After how many days a meeting counts half, in the decayed rate and in the slower one that
        it is set against.
    recent_days
        The window of reports: check-ins, questions, missed meetings, steps, reading, contacts.
    least_gaps
        From how many gaps on a person has gaps of their own to speak of.
    first_meetings
        How many rated meetings are the first ones.
    tried_meetings
        From this many meetings on a person no longer just tries.
    attending_days
        A meeting within so many days keeps a person who goes to meetings attending.
    away_days
        After so many days without a meeting a person is away: four weeks, as in mshg's risk of
        disengagement.
    involved_share
        From this involvement on a person who attends is involved.
    pace_shape, pace_scale_days
        How often people meet while they take part: a gamma distribution of meeting days a day, of
        this shape and this many days as its rate. Two a week on average.
    leaving_a, leaving_b
        How likely people leave after a meeting: a beta distribution. With the pace, chosen so that
        half of those who come once still take part after 90 days (AA's surveys of 1977 to 1989),
        and 26 in 100 after a year (a reading of the same surveys, reported second hand).
    """

    half_life_days: float = 14.0
    long_half_life_days: float = 56.0
    recent_days: int = 90
    least_gaps: int = 3
    first_meetings: int = 3
    tried_meetings: int = 3
    attending_days: int = 14
    away_days: int = 28
    involved_share: float = 0.5
    pace_shape: float = 2.0
    pace_scale_days: float = 7.0
    leaving_a: float = 0.7
    leaving_b: float = 12.2

    def __attrs_post_init__(self) -> None:
        days = whole(self.away_days, 1, _MOST_DAYS)
        enforce(
            half_life_days=number(self.half_life_days, 0.1, _MOST_DAYS),
            long_half_life_days=number(self.long_half_life_days, 0.1, _MOST_DAYS),
            recent_days=whole(self.recent_days, 1, _MOST_DAYS),
            least_gaps=whole(self.least_gaps, 1, 1000),
            first_meetings=whole(self.first_meetings, 1, 1000),
            tried_meetings=whole(self.tried_meetings, 1, 1000),
            attending_days=days or whole(self.attending_days, 1, self.away_days),
            away_days=days,
            involved_share=_above_none(self.involved_share),
            pace_shape=number(self.pace_shape, 1e-6, 1e6),
            pace_scale_days=number(self.pace_scale_days, 1e-6, 1e6),
            leaving_a=number(self.leaving_a, 1e-6, 1e6),
            leaving_b=number(self.leaving_b, 1e-6, 1e6),
        )


def _above_none(value: object) -> Broken:
    return share(value) or (
        broken("must be above 0", code="out_of_range", limits=(0, 1)) if value == 0 else ()
    )


DEFAULT_PARAMETERS = EngagementParameters()
