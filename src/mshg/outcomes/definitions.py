"""Nineteen published outcomes, adapted to weekly patterns.

Each keeps the original rule beside the adaptation, since the two are not the same: trials that
sampled three times a week, or every other week, had other chances to see use. Originals are given
as far as they were read: in the digest of definitions of the CTN-0094 project, or in abstracts.
Volumes and pages are given as far as they were seen as well.
"""

from collections.abc import Mapping

from mshg._mappings import FrozenMapping
from mshg.outcomes.parameters import (
    AllHold,
    Counted,
    CountWeeks,
    Definition,
    Ever,
    FirstTime,
    LongestRun,
    Reading,
    Span,
    Window,
)

_CTN_0094 = "CTN-0094 project, NIDA Clinical Trials Network: digest of definitions, 2022-11-23"
_KRUPITSKY_2011 = "Krupitsky et al. 2011, Lancet 377:1506-1513, doi 10.1016/S0140-6736(11)60358-9"
_SCHOTTENFELD_2008 = (
    "Schottenfeld, Chawarski and Mazlan 2008, Lancet 371:2192-2200, "
    "doi 10.1016/S0140-6736(08)60954-X"
)
_FIRST_USE = FirstTime(window=Window(at_least=1))

DEFINITIONS: Mapping[str, Definition] = FrozenMapping(
    {
        "ctn0094_relapse": Definition(
            title="CTN-0094: relapse",
            citation=_CTN_0094,
            original="Four weeks in a row with an opioid-positive urine screen; sampled weekly.",
            adaptation="First four weeks of use in a row.",
            rule=FirstTime(window=Window(at_least=4)),
        ),
        "ctn0094_dropout": Definition(
            title="CTN-0094: dropout",
            citation=_CTN_0094,
            original="Four weeks in a row missing; sampled weekly.",
            adaptation="First four missing weeks in a row.",
            rule=FirstTime(window=Window(at_least=4, counted=Counted.MISSING)),
            missing=Reading.NEITHER,
        ),
        "schottenfeld2008_relapse": Definition(
            title="Schottenfeld 2008: relapse",
            citation=_SCHOTTENFELD_2008,
            original="Three opioid-positive urine tests in a row; sampled three times a week.",
            adaptation="First three weeks of use in a row.",
            rule=FirstTime(window=Window(at_least=3)),
        ),
        "lee2016": Definition(
            title="Lee 2016: relapse",
            citation="Lee et al. 2016, N Engl J Med 374:1232-1242, doi 10.1056/NEJMoa1505409",
            original=(
                "Ten days or more of opioid use in 28, by self-report or by urine every two weeks, "
                "a positive or missing sample counting as five days."
            ),
            adaptation="First two weeks of use in four.",
            rule=FirstTime(window=Window(at_least=2, within=4)),
        ),
        "lee2018": Definition(
            title="Lee 2018 (X:BOT, CTN-0051): relapse",
            citation="Lee et al. 2018, Lancet 391:309-318, doi 10.1016/S0140-6736(17)32812-X",
            original=(
                "From day 21, four weeks in a row with opioid use by urine screen or self-report, "
                "or seven days in a row by self-report; sampled weekly."
            ),
            adaptation="First four weeks of use in a row, from week 3.",
            rule=FirstTime(window=Window(at_least=4, from_week=3)),
        ),
        "krupitsky2004": Definition(
            title="Krupitsky 2004: relapse",
            citation=(
                "Krupitsky et al. 2004, J Subst Abuse Treat 26:285, doi 10.1016/j.jsat.2004.02.002"
            ),
            original="Three opioid-positive tests in a row; sampled every two weeks.",
            adaptation="Three weeks of use in a row.",
            rule=Ever(window=Window(at_least=3)),
        ),
        "johnson1992": Definition(
            title="Johnson 1992: failure to stay abstinent",
            citation=(
                "Johnson, Jaffe and Fudala 1992, JAMA 267:2750-2755, "
                "doi 10.1001/jama.1992.03480200058024"
            ),
            original="Two positive tests in a row after four weeks of treatment; Monday samples.",
            adaptation="Two weeks of use in a row, from week 4.",
            rule=Ever(window=Window(at_least=2, from_week=4)),
        ),
        "kosten1993": Definition(
            title="Kosten 1993: abstinence",
            citation="Kosten et al. 1993, J Nerv Ment Dis 181:358-364",
            original="Three weeks or more of negative tests in a row; sampled weekly.",
            adaptation="Three weeks of no use in a row, as recorded.",
            rule=Ever(window=Window(at_least=3, counted=Counted.NO_USE)),
            missing=Reading.NEITHER,
            mixed=Reading.NEITHER,
        ),
        "ling1998": Definition(
            title="Ling 1998: continuous abstinence",
            citation="Ling et al. 1998, Addiction 93:475-486",
            original="Thirteen negative tests in a row, about a month; sampled three times a week.",
            adaptation="Four weeks of no use in a row, as recorded.",
            rule=Ever(window=Window(at_least=4, counted=Counted.NO_USE)),
            missing=Reading.NEITHER,
            mixed=Reading.NEITHER,
        ),
        "krupitsky2011_abstinence": Definition(
            title="Krupitsky 2011: confirmed abstinence",
            citation=_KRUPITSKY_2011,
            original="Confirmed abstinence in weeks 5 to 24, by urine tests and self-report.",
            adaptation="No use in weeks 5 to 15, or as many of them as there are.",
            rule=AllHold(spans=[Span(first=5, last=15, at_most=0)]),
        ),
        "krupitsky2011_count": Definition(
            title="Krupitsky 2011: weeks of confirmed abstinence",
            citation=_KRUPITSKY_2011,
            original="Share of weeks 5 to 24 with confirmed abstinence.",
            adaptation="Weeks of no use among weeks 5 to 15.",
            rule=CountWeeks(first=5, last=15),
        ),
        "fiellin2006": Definition(
            title="Fiellin 2006: weeks of no use",
            citation="Fiellin et al. 2006, N Engl J Med 355(4); its pages were not seen",
            original="Share of urine specimens that were opioid-negative.",
            adaptation="Weeks of no use.",
            rule=CountWeeks(),
        ),
        "schottenfeld2008_longest": Definition(
            title="Schottenfeld 2008: longest abstinence",
            citation=_SCHOTTENFELD_2008,
            original="Most days in a row without heroin; sampled three times a week.",
            adaptation="Longest run of weeks of no use.",
            rule=LongestRun(),
        ),
        "schottenfeld2005": Definition(
            title="Schottenfeld 2005: longest abstinence, missing left out",
            citation=(
                "Schottenfeld et al. 2005, Am J Psychiatry 162:340-349, "
                "doi 10.1176/appi.ajp.162.2.340"
            ),
            original=(
                "Most weeks in a row without illicit opioids and cocaine; "
                "sampled three times a week."
            ),
            adaptation="Longest run of weeks of no use, missing weeks left out.",
            rule=LongestRun(),
            missing=Reading.LEFT_OUT,
        ),
        "schottenfeld2008_first_use": Definition(
            title="Schottenfeld 2008: first use",
            citation=_SCHOTTENFELD_2008,
            original="Days to first heroin use; sampled three times a week.",
            adaptation="First week of use.",
            rule=_FIRST_USE,
        ),
        "mokri2016": Definition(
            title="Mokri 2016: first use",
            citation="Mokri et al. 2016, Addiction 111:874-882, doi 10.1111/add.13259",
            original="Days of abstinence from the start, verified by urine tests.",
            adaptation="First week of use.",
            rule=_FIRST_USE,
        ),
        "shufman1994": Definition(
            title="Shufman 1994: first use, missing as no use",
            citation=(
                "Shufman et al. 1994, The efficacy of naltrexone in preventing reabuse of heroin "
                "after detoxification; journal and pages were not seen"
            ),
            original="Heroin-positive urine tests over 12 weeks; the rule's wording was not read.",
            adaptation="First week of use, missing weeks being no use.",
            rule=_FIRST_USE,
            missing=Reading.NO_USE,
        ),
        "weiss_ctn0030": Definition(
            title="Weiss 2011 (CTN-0030): abstinence at the end",
            citation=(
                "Weiss et al. 2011, Arch Gen Psychiatry 68:1238-1246, "
                "doi 10.1001/archgenpsychiatry.2011.121"
            ),
            original=(
                "Month 3: negative in the last week, and in two or more of the three weeks before "
                "it; sampled weekly."
            ),
            adaptation="No use in the last week, and use in at most one of the three before it.",
            rule=AllHold(
                spans=[
                    Span(first=-1, last=-1, counted=Counted.NO_USE, at_least=1),
                    Span(first=-4, last=-2, at_most=1),
                ]
            ),
        ),
        "lofwall2018": Definition(
            title="Lofwall 2018: response",
            citation="Lofwall et al. 2018, JAMA Intern Med 178:764-773",
            original=(
                "No sign of illicit opioid use at 8 of 10 set times in 24 weeks, missing samples "
                "positive; which times must be among the 8 was not read."
            ),
            adaptation=(
                "Padded with use to 15 weeks; weeks 1 to 7, 9, 11, 13 and 15 are seen, each other "
                "week, and each one not scheduled, is as the week before. No use in two thirds of "
                "weeks 5 to 7, in week 8, and in five sixths of weeks 9 to 15."
            ),
            rule=AllHold(
                spans=[
                    Span(first=5, last=7, counted=Counted.NO_USE, at_least=2),
                    Span(first=8, last=8, counted=Counted.NO_USE, at_least=1),
                    # Five sixths of seven weeks are 5.83, so six.
                    Span(first=9, last=15, counted=Counted.NO_USE, at_least=6),
                ]
            ),
            unscheduled=Reading.CARRIED,
            pad_to=15,
            seen=[1, 2, 3, 4, 5, 6, 7, 9, 11, 13, 15],
        ),
    }
)
"""Definitions by key. An immutable mapping; `attrs.evolve` makes a variant of one."""
