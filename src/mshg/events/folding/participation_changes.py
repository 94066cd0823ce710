"""What taking part changes in a state."""

from datetime import date
from typing import assert_never

from mshg.events.folding.building import Changes, added, built, contacted, evolved, moved, updated
from mshg.events.folding.parts import OpenGoal, Plan, Role
from mshg.events.folding.states import PersonState
from mshg.events.participation import Attended, GoalClosed, GoalSet, Missed, RoleChanged
from mshg.events.referrals import AttendancePlanned
from mshg.events.vocabulary import RoleChange


def attended(state: PersonState, event: Attended, day: date) -> Changes:
    """A meeting counts, and a plan to go there is kept."""
    before = state.participation
    found: Changes = {
        "attended": before.attended + 1,
        "last_attended_on": day,
        "last_attended_group": event.group,
    }
    if before.first_attended_on is None:
        found["first_attended_on"] = day
    if event.rating is not None:
        found["last_rating"] = event.rating
    if event.discomfort is not None:
        found["last_discomfort"] = event.discomfort
    if event.group is not None and (event.rating is not None or event.group not in before.tried):
        found["tried"] = updated(before.tried, {event.group: event.rating})
    plan = _plan(before.plans, event.plan_id, event.meeting)
    if plan is not None:
        found["plans"] = tuple(p for p in before.plans if p is not plan)
        found["plans_kept"] = before.plans_kept + 1
    return {
        "participation": moved(before, found),
        "contact": contacted(state.contact, "-", day),
    }


def missed(state: PersonState, event: Missed, day: date) -> Changes:
    """A plan is missed."""
    before = state.participation
    plan = _plan(before.plans, event.plan_id, event.meeting)
    participation = evolved(
        before,
        plans=tuple(p for p in before.plans if p is not plan),
        plans_missed=before.plans_missed + 1,
        last_missed_on=day,
    )
    return {"participation": participation, "contact": contacted(state.contact, "o", day)}


def _plan(plans: tuple[Plan, ...], plan_id: str | None, meeting: str | None) -> Plan | None:
    """The plan of that id; else the oldest for that meeting."""
    if plan_id is not None:
        return next((p for p in plans if p.id == plan_id), None)
    return next((p for p in plans if p.meeting == meeting), None)


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
    before = state.participation
    return {"participation": evolved(before, plans=added(before.plans, plan))}


def goal_set(state: PersonState, event: GoalSet, day: date) -> Changes:
    """A goal is open."""
    goal = built(
        OpenGoal,
        id=event.id,
        set_on=day,
        description=event.description,
        due_on=event.due_on,
    )
    before = state.participation
    return {"participation": evolved(before, goals=added(before.goals, goal))}


def goal_closed(state: PersonState, event: GoalClosed, _day: date) -> Changes:
    """A goal that is not open, since it was closed before or never set, counts for nothing."""
    before = state.participation
    left = tuple(g for g in before.goals if g.id != event.goal_id)
    if len(left) == len(before.goals):
        return {}
    counted = "goals_met" if event.met else "goals_not_met"
    count = getattr(before, counted) + 1
    return {"participation": evolved(before, goals=left, **{counted: count})}


def role(state: PersonState, event: RoleChanged, day: date) -> Changes:
    """A part is taken, or left."""
    roles = state.participation.roles
    match event.change:
        case RoleChange.TAKEN:
            if any(r.role is event.role and r.group == event.group for r in roles):
                return {}
            role = built(Role, role=event.role, since=day, group=event.group)
            roles = added(roles, role)
        case RoleChange.LEFT:
            roles = tuple(
                r for r in roles if r.role is not event.role or event.group not in (None, r.group)
            )
        case _:
            assert_never(event.change)
    return {"participation": evolved(state.participation, roles=roles)}
