"""What the referral, supporters, consent and follow-up change in a state."""

from datetime import date
from typing import assert_never

from mshg.events.folding.building import Changes, added, built, by_id, evolved, marked, put
from mshg.events.folding.parts import Consent, PlannedFollowUp, Referral, Supporter
from mshg.events.folding.states import PersonState
from mshg.events.providers import FollowUp
from mshg.events.referrals import (
    ConsentChanged,
    ReferralAnswered,
    Referred,
    SupporterAnswered,
    SupporterContact,
    SupporterOffered,
)
from mshg.events.vocabulary import ConsentChange, FollowUpStatus, Party


def referred(state: PersonState, event: Referred, day: date) -> Changes:
    """A referral is open."""
    referral = built(Referral, id=event.id, groups=event.groups, referred_on=day)
    return {
        "referrals": added(state.referrals, referral),
        "first_referred_on": state.first_referred_on or day,
        "need_since": state.need_since or event.need_since,
    }


def referral_meant(state: PersonState, referral_id: str | None) -> Referral | None:
    """The open referral of that id; without one, the latest."""
    if referral_id is None:
        return state.referrals[-1] if state.referrals else None
    return next((r for r in state.referrals if r.id == referral_id), None)


def referral_answered(state: PersonState, event: ReferralAnswered, day: date) -> Changes:
    """The referral that is meant has its answer."""
    answered = referral_meant(state, event.referral_id)
    found: Changes = {
        "referrals": tuple(
            evolved(r, answer=event.answer, answered_on=day, ask_again=event.ask_again)
            if r is answered
            else r
            for r in state.referrals
        )
    }
    if event.ask_again is not None:
        found["ask_again"] = event.ask_again
    if event.concerns:
        found["concerns"] = state.concerns | event.concerns
    return found


def _supporter(state: PersonState, supporter_id: str) -> Supporter:
    known = next((s for s in state.supporters if s.id == supporter_id), None)
    return built(Supporter, id=supporter_id) if known is None else known


def supporter_offered(state: PersonState, event: SupporterOffered) -> Changes:
    """An offer, which has no answer yet; earlier contacts with the same supporter stay."""
    known = _supporter(state, event.supporter_id)
    offered = evolved(
        known, role=event.role, group=event.group, person_answer=None, supporter_answer=None
    )
    return {"supporters": put(state.supporters, offered, by_id)}


def supporter_answered(state: PersonState, event: SupporterAnswered) -> Changes:
    """One of the two has answered."""
    answer = "person_answer" if event.answered_by is Party.PERSON else "supporter_answer"
    answered = evolved(_supporter(state, event.supporter_id), **{answer: event.answer})
    return {"supporters": put(state.supporters, answered, by_id)}


def contact(state: PersonState, event: SupporterContact, day: date) -> Changes:
    """A contact counts where they spoke."""
    if not event.reached:
        return {}
    known = _supporter(state, event.supporter_id)
    reached = evolved(known, contacts=known.contacts + 1, last_contact_on=day)
    return {"supporters": put(state.supporters, reached, by_id)}


def consent(state: PersonState, event: ConsentChanged, day: date) -> Changes:
    """A consent is given, or those that are named are taken back."""
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
            return {"consents": put(state.consents, consent, _terms)}
        case ConsentChange.REVOKED:
            return {
                "consents": tuple(
                    c
                    for c in state.consents
                    if any(
                        n != t and None not in (n, t) for n, t in zip(named, _terms(c), strict=True)
                    )
                )
            }
        case _:
            assert_never(event.change)


def _terms(consent: Consent) -> tuple[str | None, ...]:
    return (consent.discloser, consent.recipient, consent.purpose, consent.scope)


def follow_up(state: PersonState, event: FollowUp, day: date) -> Changes:
    """A follow-up is planned, or one that was due is done."""
    match event.status:
        case FollowUpStatus.PLANNED:
            plan = built(PlannedFollowUp, id=event.id, planned_for=event.planned_for, by=event.by)
            return {"follow_ups": added(state.follow_ups, plan)}
        case FollowUpStatus.REACHED:
            return {
                "follow_ups": _without_due(state, event, day),
                "last_reached_on": day,
                "recent_contacts": marked(state.recent_contacts, "-", day, day),
                "not_reached_in_a_row": 0,
                "barriers": state.barriers if event.barriers is None else event.barriers,
            }
        case FollowUpStatus.NOT_REACHED:
            return {
                "follow_ups": _without_due(state, event, day),
                "not_reached_in_a_row": state.not_reached_in_a_row + 1,
                "recent_contacts": marked(state.recent_contacts, "o", day, day),
            }
        case _:
            assert_never(event.status)


def _without_due(state: PersonState, event: FollowUp, day: date) -> tuple[PlannedFollowUp, ...]:
    """The plans without the one that is meant: by its id, else the earliest due; undated last.

    One that is not due yet stays, so that nobody drops out of follow-up by a call made before.
    """
    if event.plan_id is not None:
        return tuple(p for p in state.follow_ups if p.id != event.plan_id)
    due = (p for p in state.follow_ups if p.planned_for is None or p.planned_for <= day)
    meant = min(due, key=lambda p: p.planned_for or date.max, default=None)
    return tuple(p for p in state.follow_ups if p is not meant)
