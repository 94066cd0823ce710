"""What the referral, supporters, consent and follow-up change in a state."""

from datetime import date
from typing import assert_never

from mshg.events.folding.building import (
    Changes,
    added,
    built,
    by_id,
    contacted,
    evolved,
    moved,
    put,
)
from mshg.events.folding.parts import Consent, PlannedFollowUp, Referral, Supporter
from mshg.events.folding.states import PersonState
from mshg.events.providers import FollowUp
from mshg.events.referrals import (
    ConsentChanged,
    ReferralAnswered,
    ReferralClosed,
    Referred,
    SupporterAnswered,
    SupporterContact,
    SupporterOffered,
)
from mshg.events.vocabulary import ConsentChange, FollowUpStatus, Party


def referred(state: PersonState, event: Referred, day: date) -> Changes:
    """A referral is open."""
    referral = built(Referral, id=event.id, groups=event.groups, referred_on=day)
    before = state.referral
    now = evolved(
        before,
        referrals=added(before.referrals, referral),
        first_referred_on=before.first_referred_on or day,
        need_since=before.need_since or event.need_since,
    )
    return {"referral": now}


def _meant(referrals: tuple[Referral, ...], referral_id: str | None) -> Referral | None:
    """The open referral of that id; without one, the latest."""
    if referral_id is None:
        return referrals[-1] if referrals else None
    return next((r for r in referrals if r.id == referral_id), None)


def referral_closed(state: PersonState, event: ReferralClosed, _day: date) -> Changes:
    """A referral is open no longer."""
    referrals = state.referral.referrals
    closed = _meant(referrals, event.referral_id)
    left = tuple(r for r in referrals if r is not closed)
    return {"referral": evolved(state.referral, referrals=left, last_outcome=event.outcome)}


def referral_answered(state: PersonState, event: ReferralAnswered, day: date) -> Changes:
    """The referral that is meant has its answer."""
    before = state.referral
    answered = _meant(before.referrals, event.referral_id)
    found: Changes = {
        "referrals": tuple(
            evolved(r, answer=event.answer, answered_on=day, ask_again=event.ask_again)
            if r is answered
            else r
            for r in before.referrals
        )
    }
    if event.ask_again is not None:
        found["ask_again"] = event.ask_again
    if event.concerns:
        found["concerns"] = before.concerns | event.concerns
    return {"referral": moved(before, found)}


def _supporter(state: PersonState, supporter_id: str) -> Supporter:
    known = next((s for s in state.referral.supporters if s.id == supporter_id), None)
    return built(Supporter, id=supporter_id) if known is None else known


def _with(state: PersonState, supporter: Supporter) -> Changes:
    supporters = put(state.referral.supporters, supporter, by_id)
    return {"referral": evolved(state.referral, supporters=supporters)}


def supporter_offered(state: PersonState, event: SupporterOffered, _day: date) -> Changes:
    """An offer, which has no answer yet; earlier contacts with the same supporter stay."""
    known = _supporter(state, event.supporter_id)
    offered = evolved(
        known, role=event.role, group=event.group, person_answer=None, supporter_answer=None
    )
    return _with(state, offered)


def supporter_answered(state: PersonState, event: SupporterAnswered, _day: date) -> Changes:
    """One of the two has answered."""
    answer = "person_answer" if event.answered_by is Party.PERSON else "supporter_answer"
    answered = evolved(_supporter(state, event.supporter_id), **{answer: event.answer})
    return _with(state, answered)


def contact(state: PersonState, event: SupporterContact, day: date) -> Changes:
    """A contact counts where they spoke."""
    if not event.reached:
        return {}
    known = _supporter(state, event.supporter_id)
    reached = evolved(known, contacts=known.contacts + 1, last_contact_on=day)
    return _with(state, reached)


def consent(state: PersonState, event: ConsentChanged, day: date) -> Changes:
    """A consent is given, or those that are named are taken back."""
    consents = state.referral.consents
    named = (event.discloser, event.recipient, event.purpose, event.scope)
    match event.change:
        case ConsentChange.GIVEN:
            consent = built(
                Consent,
                discloser=event.discloser,
                recipient=event.recipient,
                purpose=event.purpose,
                scope=event.scope,
                given_on=day,
                expires_on=event.expires_on,
            )
            consents = put(consents, consent, _terms)
        case ConsentChange.REVOKED:
            consents = tuple(
                c
                for c in consents
                if any(n != t and None not in (n, t) for n, t in zip(named, _terms(c), strict=True))
            )
        case _:
            assert_never(event.change)
    return {"referral": evolved(state.referral, consents=consents)}


def _terms(consent: Consent) -> tuple[str | None, ...]:
    return (consent.discloser, consent.recipient, consent.purpose, consent.scope)


def follow_up(state: PersonState, event: FollowUp, day: date) -> Changes:
    """A follow-up is planned, or one that was due is done."""
    before = state.contact
    match event.status:
        case FollowUpStatus.PLANNED:
            plan = built(PlannedFollowUp, id=event.id, planned_for=event.planned_for, by=event.by)
            return {"contact": evolved(before, follow_ups=added(before.follow_ups, plan))}
        case FollowUpStatus.REACHED:
            found: Changes = {"last_reached_on": day, "not_reached_in_a_row": 0}
            if event.barriers is not None:
                found["barriers"] = event.barriers
        case FollowUpStatus.NOT_REACHED:
            found = {"not_reached_in_a_row": before.not_reached_in_a_row + 1}
        case _:
            assert_never(event.status)
    code = "-" if event.status is FollowUpStatus.REACHED else "o"
    found["follow_ups"] = _without_due(before.follow_ups, event, day)
    return {"contact": contacted(before, code, day, **found)}


def _without_due(
    follow_ups: tuple[PlannedFollowUp, ...], event: FollowUp, day: date
) -> tuple[PlannedFollowUp, ...]:
    """The plans without the one that is meant: by its id, else the earliest due; undated last.

    One that is not due yet stays, so that nobody drops out of follow-up by a call made before.
    """
    if event.plan_id is not None:
        return tuple(p for p in follow_ups if p.id != event.plan_id)
    due = (p for p in follow_ups if p.planned_for is None or p.planned_for <= day)
    meant = min(due, key=lambda p: p.planned_for or date.max, default=None)
    return tuple(p for p in follow_ups if p is not meant)
