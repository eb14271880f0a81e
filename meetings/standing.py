"""What became of a meeting, as its page says first: moved, postponed, cancelled, closed."""

from typing import TYPE_CHECKING, Any

from meetings.models import Meeting, MeetingStatus, MeetingStep, Snapshot, Step

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User

TOLD = {MeetingStatus.CANCELLED: Step.CANCEL, MeetingStatus.POSTPONED: Step.POSTPONE}


def standing_of(user: "User | AnonymousUser", meeting: Meeting) -> dict[str, Any]:
    """Give why a meeting was called off, from which days it was moved while the public knew of it, and its frozen
    records; two queries.
    """
    steps = list(MeetingStep.objects.visible_to(user).filter(meeting=meeting))
    step = TOLD.get(MeetingStatus(meeting.status))
    called_off = next((line for line in reversed(steps) if line.step == step), None)
    moved = [line for line in steps if line.step == Step.MOVE and line.before != MeetingStatus.DRAFT]
    why = called_off.reason if called_off else ""
    records = list(Snapshot.objects.visible_to(user).filter(meeting=meeting).defer("record"))
    return {"why_called_off": why, "moved": moved, "records": records}
