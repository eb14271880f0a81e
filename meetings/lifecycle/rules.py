"""Which step may follow which status."""

from meetings.models import Meeting, MeetingStatus, Step

S = MeetingStatus

# Each step: the statuses from which it may be taken, and the one to which it leads; None leaves the status.
RULES: dict[Step, tuple[frozenset[MeetingStatus], MeetingStatus | None]] = {
    Step.ANNOUNCE: (frozenset({S.DRAFT, S.POSTPONED, S.CANCELLED}), S.ANNOUNCED),
    Step.START: (frozenset({S.ANNOUNCED}), S.UNDER_WAY),
    Step.HOLD: (frozenset({S.DRAFT, S.ANNOUNCED, S.UNDER_WAY}), S.HELD),
    Step.CLOSE: (frozenset({S.HELD}), S.CLOSED),
    Step.REOPEN: (frozenset({S.CLOSED}), S.HELD),
    Step.MOVE: (frozenset({S.DRAFT, S.ANNOUNCED, S.POSTPONED}), None),
    Step.POSTPONE: (frozenset({S.ANNOUNCED}), S.POSTPONED),
    Step.CANCEL: (frozenset({S.ANNOUNCED, S.UNDER_WAY, S.POSTPONED}), S.CANCELLED),
}
# What was public, or frozen, is not undone without saying why.
NEEDS_REASON = frozenset({Step.REOPEN, Step.POSTPONE, Step.CANCEL})


def possible_steps(meeting: Meeting) -> list[Step]:
    """Give the steps that may be taken from where a meeting stands, in the order of its life."""
    return [step for step, (before, _after) in RULES.items() if meeting.status in before]


def status_after(meeting: Meeting, step: Step) -> MeetingStatus:
    """Give the status to which a step leads."""
    return RULES[step][1] or MeetingStatus(meeting.status)
