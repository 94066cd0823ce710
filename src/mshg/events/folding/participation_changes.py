"""What taking part changes in a state."""

from datetime import date
from typing import assert_never

from mshg.events.folding.building import Changes, added, built, marked
from mshg.events.folding.parts import OpenGoal, Plan, Role
from mshg.events.folding.states import PersonState
from mshg.events.participation import Attended, GoalClosed, GoalSet, Missed, RoleChanged
from mshg.events.referrals import AttendancePlanned
from mshg.events.vocabulary import RoleChange


def attended(state: PersonState, event: Attended, day: date) -> Changes:
    """A meeting counts, and a plan to go there is kept."""
    found: Changes = {
        "attended": state.attended + 1,
        "last_attended_on": day,
        "last_attended_group": event.group,
        "recent_contacts": marked(state.recent_contacts, "-", day, day),
    }
    if state.first_attended_on is None:
        found["first_attended_on"] = day
    if event.rating is not None:
        found["last_rating"] = event.rating
    if event.discomfort is not None:
        found["last_discomfort"] = event.discomfort
    plan = _plan(state, event.plan_id, event.meeting)
    if plan is not None:
        found["plans"] = tuple(p for p in state.plans if p is not plan)
        found["plans_kept"] = state.plans_kept + 1
    return found


def missed(state: PersonState, event: Missed, day: date) -> Changes:
    """A plan is missed."""
    plan = _plan(state, event.plan_id, event.meeting)
    return {
        "plans": tuple(p for p in state.plans if p is not plan),
        "plans_missed": state.plans_missed + 1,
        "last_missed_on": day,
        "recent_contacts": marked(state.recent_contacts, "o", day, day),
    }


def _plan(state: PersonState, plan_id: str | None, meeting: str | None) -> Plan | None:
    """The plan of that id; else the oldest for that meeting."""
    if plan_id is not None:
        return next((p for p in state.plans if p.id == plan_id), None)
    return next((p for p in state.plans if p.meeting == meeting), None)


def planned(state: PersonState, event: AttendancePlanned, day: date) -> Changes:
    """A plan is added."""
    plan = built(
        Plan,
        id=event.id,
        meeting=event.meeting,
        planned_on=day,
        group=event.group,
        starts_at=event.starts_at,
    )
    return {"plans": added(state.plans, plan)}


def goal_set(state: PersonState, event: GoalSet, day: date) -> Changes:
    """A goal is open."""
    goal = built(
        OpenGoal,
        id=event.id,
        set_on=day,
        description=event.description,
        due_on=event.due_on,
    )
    return {"goals": added(state.goals, goal)}


def goal_closed(state: PersonState, event: GoalClosed) -> Changes:
    """A goal that is not open, since it was closed before or never set, counts for nothing."""
    left = tuple(g for g in state.goals if g.id != event.goal_id)
    if len(left) == len(state.goals):
        return {}
    counted = "goals_met" if event.met else "goals_not_met"
    return {"goals": left, counted: getattr(state, counted) + 1}


def role(state: PersonState, event: RoleChanged, day: date) -> Changes:
    """A part is taken, or left."""
    match event.change:
        case RoleChange.TAKEN:
            if any(r.role is event.role and r.group == event.group for r in state.roles):
                return {}
            role = built(Role, role=event.role, since=day, group=event.group)
            return {"roles": added(state.roles, role)}
        case RoleChange.LEFT:
            return {
                "roles": tuple(
                    r
                    for r in state.roles
                    if r.role is not event.role or event.group not in (None, r.group)
                )
            }
        case _:
            assert_never(event.change)
