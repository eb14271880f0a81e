"""What comes out of an agenda item: decisions, and actions that organisations own until they are closed."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.minutes.notes import refuse_approved, tidy
from meetings.models import ActionItem, AgendaItem, Decision, Meeting, Session
from members.history import acting, lock
from members.models import Organisation, User
from workinggroups.models import WorkingGroup


@dataclass(frozen=True)
class FollowUp:
    """What becomes of an open action: another due day, or an outcome, with what shows it.

    `shown` is the action's `state_of` on the page on which that was typed.
    """

    due_on: dt.date | None
    outcome: str
    evidence: str
    evidence_url: str
    shown: str

    @property
    def is_typed(self) -> bool:
        """Whether anything differs from what was shown."""
        return state_of(self) != self.shown


class StaleAction(Exception):
    """Somebody else changed the action meanwhile; `action` is as it stands now."""

    def __init__(self, action: ActionItem) -> None:
        super().__init__(str(action))
        self.action = action


@transaction.atomic
def record_decision(item: AgendaItem, text: str, *, by: User) -> Decision:
    """Add a decision that was taken at an agenda item, behind the meeting's others.

    Raises ValidationError when the minutes are approved, or the meeting has this decision already.
    """
    meeting = item.session.meeting
    lock(Meeting, meeting.pk)
    refuse_approved(meeting)
    last = meeting.decisions.aggregate(last=Max("order"))["last"]
    decision = Decision(meeting=meeting, item=item, text=text.strip(), order=0 if last is None else last + 1)
    decision.full_clean()
    with acting(user=by):
        decision.save()
    return decision


@transaction.atomic
def open_action(
    item: AgendaItem, text: str, *, owners: Iterable[Organisation], due_on: dt.date | None, group: WorkingGroup | None, by: User
) -> ActionItem:  # fmt: skip
    """Open an action that came out of an agenda item.

    A session of one working group gives its actions to that group; else `group` says whose it is, None the network's.
    Raises ValidationError when the minutes are approved, when nobody is to do it, or when the meeting has this action
    already.
    """
    meeting, owning = item.session.meeting, list(owners)
    lock(Meeting, meeting.pk)
    refuse_approved(meeting)
    if not owning:
        raise ValidationError(_("Name the organisations that are to do it."))
    action = ActionItem(
        meeting=meeting, item=item, text=text.strip(), due_on=due_on, group=own_group(item.session) or group
    )
    action.full_clean()
    with acting(user=by):
        action.save()
        action.owners.set(owning)
    return action


@transaction.atomic
def follow_up(action: ActionItem, change: FollowUp, *, meeting: Meeting, by: User) -> ActionItem:
    """Give an action another due day, or close it, as was said at a meeting.

    It is closed on the day of that meeting, or today if that is to come. Raises StaleAction when it changed since it
    was shown, ValidationError when a rule is broken.
    """
    lock(ActionItem, action.pk)
    action = ActionItem.objects.get(pk=action.pk)
    if state_of(action) != change.shown:
        raise StaleAction(action)
    action.due_on, action.outcome = change.due_on, change.outcome
    action.evidence, action.evidence_url = tidy(change.evidence), change.evidence_url
    if not change.outcome:
        action.closed_on = None
    elif action.closed_on is None:
        action.closed_on = max(action.opened_on, min(meeting.known_by, timezone.localdate()))
    action.full_clean()
    with acting(user=by):
        action.save()
    return action


def state_of(action: "ActionItem | FollowUp") -> str:
    """Name what an action holds of what is followed up; another name after every change of it."""
    held = (action.due_on, action.outcome, tidy(action.evidence), action.evidence_url)
    return hashlib.sha256(repr(held).encode()).hexdigest()[:16]


def own_group(session: Session) -> WorkingGroup | None:
    """Give the working group of a session of one; None for plenary ones and those of several."""
    groups = list(session.working_groups.all())
    return groups[0] if len(groups) == 1 else None


def arising_by_session(sessions: Sequence[Session], actions: Iterable[ActionItem]) -> dict[int, list[ActionItem]]:
    """Part matters arising among the sessions that take them up, each under the first session of its body.

    Takes sessions with `working_groups` prefetched, and what `arising_at` gives; asks no query.
    """
    first: dict[int | None, int] = {}
    for session in sessions:
        groups: list[int | None] = [group.pk for group in session.working_groups.all()]
        for key in groups or [None]:
            first.setdefault(key, session.pk)
    arising: dict[int, list[ActionItem]] = {}
    for action in actions:
        if action.group_id in first:
            arising.setdefault(first[action.group_id], []).append(action)
    return arising
