"""Where the inputs of people are checked, scored and wrapped."""

from collections.abc import Callable, Sequence

import numpy as np

from mshg._arrays import Floats
from mshg._checks import Broken, broken, enforce, instance, optional
from mshg.risk.floors import tiers_and_urgency
from mshg.risk.inputs import RiskColumns, RiskInputs
from mshg.risk.kernels import directions, scores, tiers
from mshg.risk.parameters import DEFAULT_PARAMETERS, METHOD_VERSION, RISKS, RiskParameters
from mshg.risk.results import RiskAssessment, RiskTable
from mshg.risk.safety import CrisisContacts
from mshg.risk.sentences import assessment
from mshg.wording import Wording, load


def assess_table(
    columns: RiskColumns,
    *,
    previous: RiskColumns | RiskTable | None = None,
    parameters: RiskParameters = DEFAULT_PARAMETERS,
) -> RiskTable:
    """Both risks over the next four weeks, for many people.

    ``lapse`` is a return to use outside the person's own goal; ``disengagement`` is no attendance.
    What is missing adds nothing to a score, and moves its bounds apart.

    Parameters
    ----------
    columns
        What is known, n people.
    previous
        The same people, row by row, at an earlier time: their inputs, or their table.
    parameters
        Numbers of the model.

    Raises
    ------
    ValidationError
        Arguments of other types, and a ``previous`` of other length or method version.

    See ``docs/explanation/risk-model-and-limits.md`` for what was validated and what was not.

    Examples
    --------
    >>> from mshg import risk
    >>> table = risk.assess_table(risk.RiskColumns(use_rate=[0.0, 1.0], missed_rate=[0.9, 0.2]))
    >>> table.lapse_score.round(1), [risk.TIERS[tier] for tier in table.lapse_tier]
    (array([30.8, 38.4]), ['guarded', 'elevated'])
    """
    enforce(
        columns=instance(RiskColumns)(columns),
        previous=optional(_either(RiskColumns, RiskTable))(previous),
        parameters=instance(RiskParameters)(parameters),
    )
    if isinstance(previous, RiskColumns):
        previous = assess_table(previous, parameters=parameters)
    if previous is not None:
        _refuse_other(previous.method_version, is_as_long=len(previous) == columns.n_people)
    earlier = None if previous is None else (previous.lapse_score, previous.disengagement_score)
    return _table(columns, earlier, parameters)


def assess(
    inputs: RiskInputs,
    *,
    previous: RiskInputs | RiskAssessment | None = None,
    parameters: RiskParameters = DEFAULT_PARAMETERS,
    wording: Wording | None = None,
    contacts: CrisisContacts | None = None,
) -> RiskAssessment:
    """Both risks over the next four weeks for one person, with reasons, safety first.

    Parameters
    ----------
    inputs
        What is known of the person.
    previous
        The same at an earlier time, or what was assessed then.
    parameters
        Numbers of the model. None of them touches safety.
    wording
        Sentences to speak in; mshg's English if None.
    contacts
        Whom to call in danger. Without them a notice names the local emergency number.

    Raises
    ------
    ValidationError
        Arguments of other types, and a ``previous`` of another method version.

    See ``docs/explanation/risk-model-and-limits.md`` for what was validated and what was not.

    Examples
    --------
    >>> from mshg import risk
    >>> found = risk.assess(risk.RiskInputs(missed_rate=1, weeks_without_contact=4, craving=6))
    >>> found.lapse_score, found.lapse_tier, found.lapse_contributions[1].text
    (41.0, 'elevated', 'No contact for 4 weeks')
    """
    enforce(
        inputs=instance(RiskInputs)(inputs),
        previous=optional(_either(RiskInputs, RiskAssessment))(previous),
        parameters=instance(RiskParameters)(parameters),
        wording=optional(instance(Wording))(wording),
        contacts=optional(instance(CrisisContacts))(contacts),
    )
    words = load() if wording is None else wording
    if isinstance(previous, RiskInputs):
        previous = assess(previous, parameters=parameters, wording=words)
    earlier = None
    if previous is not None:
        _refuse_other(previous.method_version, is_as_long=True)
        earlier = [np.array([s]) for s in (previous.lapse_score, previous.disengagement_score)]
    table = _table(RiskColumns.from_inputs([inputs]), earlier, parameters)
    return assessment(table, inputs, previous, parameters, words, contacts)


def _table(
    columns: RiskColumns, earlier: Sequence[Floats] | None, parameters: RiskParameters
) -> RiskTable:
    now = scores(columns, columns.n_people, parameters, RISKS, "score")
    change = None
    if earlier is not None:
        change = [
            directions(score - then, parameters.steady_within)
            for score, then in zip(now, earlier, strict=True)
        ]
    points = [tiers(score, parameters.tier_from) for score in now]
    tier, rule, safety = tiers_and_urgency(columns, columns.n_people, points)
    return RiskTable(
        columns,
        parameters,
        score=now,
        tier=tier,
        direction=change,
        urgency_rule=rule,
        safety=safety,
    )


def _either(one: type, other: type) -> Callable[[object], Broken]:
    rule = f"must be a {one.__name__} or a {other.__name__}"
    return lambda value: () if isinstance(value, (one, other)) else broken(rule, code="wrong_type")


def _refuse_other(method_version: str, *, is_as_long: bool) -> None:
    enforce(
        previous=()
        if method_version == METHOD_VERSION and is_as_long
        else broken(f"must be of the same people, made by {METHOD_VERSION}", code="conflict")
    )
