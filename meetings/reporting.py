"""What owners report of their actions, and how the word that one is done is answered."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.models import ActionItem, ActionOutcome, ActionReport, ReportOutcome
from meetings.permissions import may_confirm, may_report
from members.history import acting, lock
from members.models import Organisation, User


@dataclass(frozen=True)
class Reported:
    """What an owner says: under way or done, in words, with what shows it."""

    says: str
    text: str
    evidence_url: str = ""
    evidence: Any = None


@transaction.atomic
def report(action: ActionItem, organisation: Organisation, reported: Reported, *, by: User) -> ActionReport:
    """Note how far an organisation is with an action. The action stays open, whatever is said.

    Raises PermissionDenied for whoever speaks for no owner, ValidationError when it was closed meanwhile.
    """
    lock(ActionItem, action.pk)
    action = ActionItem.objects.get(pk=action.pk)
    if not action.is_open:
        raise ValidationError(_("This action was closed meanwhile: there is nothing to report any more."))
    if not may_report(by, organisation, action):
        raise PermissionDenied
    noted = ActionReport(
        action=action, organisation=organisation, by=by, says=reported.says, text=reported.text.strip()
    )
    noted.evidence_url, noted.evidence = reported.evidence_url, reported.evidence or ""
    noted.full_clean()
    with acting(user=by):
        noted.save()
    return noted


def is_waiting(report: ActionReport) -> bool:
    """Whether a report says that its action is done, and waits for an answer."""
    return ActionReport.objects.waiting().filter(pk=report.pk).exists()


@transaction.atomic
def settle_report(report: ActionReport, outcome: str, answer: str = "", *, by: User) -> ActionReport:
    """Confirm that an action is done, which closes it today with the report as its evidence; or give it back.

    Raises PermissionDenied for whoever may not confirm, ValidationError when the report does not wait any more, or is given
    back without a word.
    """
    lock(ActionItem, report.action_id)
    report = ActionReport.objects.select_related("action").get(pk=report.pk)
    if not may_confirm(by, report.action):
        raise PermissionDenied
    if not is_waiting(report):
        raise ValidationError(_("Somebody answered this report meanwhile, or the action was closed."))
    report.outcome, report.answer = outcome, answer.strip()
    report.settled_at, report.settled_by = timezone.now(), by
    report.full_clean()
    with acting(user=by):
        report.save()
        if outcome == ReportOutcome.CONFIRMED:
            _close(report)
    return report


def _close(report: ActionReport) -> None:
    action = report.action
    action.outcome, action.closed_on = ActionOutcome.DONE, max(action.opened_on, timezone.localdate())
    action.evidence = action.evidence or report.text
    action.evidence_url = action.evidence_url or report.evidence_url
    action.full_clean()
    action.save()
