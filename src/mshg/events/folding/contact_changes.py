"""When the person was last heard from, and how."""

from datetime import date
from typing import Any

from mshg.events.folding.building import Changes, built
from mshg.events.folding.parts import LastContact
from mshg.events.folding.states import ContactState, PersonState
from mshg.events.participation import Attended
from mshg.events.providers import FollowUp
from mshg.events.referrals import SupporterContact
from mshg.events.reports import CheckIn, DangerReported, InstrumentScored, SubstanceUse, Tested
from mshg.events.vocabulary import ContactForm, FollowUpStatus, ScreenResult


def heard_by(state: PersonState, event: object) -> Changes:
    """What an event says of being in touch; nothing where it is no news from the person."""
    form: ContactForm | None = None
    match event:
        case Attended():
            form = ContactForm.MEETING
        case CheckIn() if event.was_answered:
            form = ContactForm.CHECK_IN
        case SupporterContact() if event.reached:
            form = _of_supporter(state, event.supporter_id)
        case FollowUp() if event.status is FollowUpStatus.REACHED:
            form = ContactForm.REACHED
        case Tested() if event.result is not ScreenResult.MISSING:
            pass
        case SubstanceUse() | DangerReported() | InstrumentScored():
            pass
        case _:
            return {}
    return _heard(state.contact, form, _day(event))


def _day(event: Any) -> date:
    day: date = event.at.date()
    return day


def _heard(contact: ContactState, form: ContactForm | None, day: date) -> Changes:
    last = contact.last_heard_on
    found: Changes = {"last_heard_on": day if last is None else max(day, last)}
    if form is not None and (contact.last_contact is None or contact.last_contact.on <= day):
        found["last_contact"] = built(LastContact, on=day, form=form)
    return found


def _of_supporter(state: PersonState, supporter_id: str) -> ContactForm:
    """In what role the supporter was offered; just a supporter where nobody said."""
    known = next((s for s in state.referral.supporters if s.id == supporter_id), None)
    return ContactForm.SUPPORTER if known is None or known.role is None else ContactForm(known.role)
