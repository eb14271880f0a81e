"""What owners report of their actions, and the reminders that they got."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.files import check_document, evidence_path
from meetings.models.action_items import ActionItem
from meetings.models.mail import Mailing
from members.models import Organisation

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


class ReportWord(models.TextChoices):
    """What an owner says of an action."""

    PROGRESS = "progress", _("under way")
    DONE = "done", _("done")


class ReportOutcome(models.TextChoices):
    """What became of the word that an action is done."""

    CONFIRMED = "confirmed", _("confirmed")
    RETURNED = "returned", _("given back")


class ActionReportQuerySet(models.QuerySet["ActionReport"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ActionReportQuerySet":
        """Give the reports on the actions that somebody sees: staff on all, delegates on their organisations' and groups'."""
        return self.filter(action__in=ActionItem.objects.visible_to(user).order_by())

    def waiting(self) -> "ActionReportQuerySet":
        """Keep the last words that an open action is done, which nobody has answered."""
        later = ActionReport.objects.filter(action=OuterRef("action"), pk__gt=OuterRef("pk"))
        said = self.filter(says=ReportWord.DONE, outcome="", action__closed_on__isnull=True)
        return said.filter(~Exists(later))


class ActionReport(models.Model):
    """An owner says how far an action is. That it is done closes nothing: the secretariat or a coordinator confirms."""

    action = models.ForeignKey(ActionItem, on_delete=models.CASCADE, verbose_name=_("action"), related_name="reports")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, verbose_name=_("organisation"), related_name="action_reports"
    )
    at = models.DateTimeField(_("reported"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("account"), related_name="+"
    )
    says = models.CharField(_("state"), max_length=8, choices=ReportWord, default=ReportWord.PROGRESS)
    text = models.TextField(_("what was done"))
    evidence_url = models.URLField(_("address of the evidence"), blank=True, max_length=600)
    evidence = models.FileField(
        _("evidence"), upload_to=evidence_path, validators=[check_document], blank=True, max_length=200, db_index=True
    )
    outcome = models.CharField(_("outcome"), max_length=9, choices=ReportOutcome, blank=True)
    answer = models.TextField(_("answer"), blank=True, help_text=_("What is still missing; its owners read it."))
    settled_at = models.DateTimeField(_("answered"), null=True, blank=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, verbose_name=_("answered by"), related_name="+"
    )  # fmt: skip

    objects = ActionReportQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        verbose_name = _("report on an action")
        verbose_name_plural = _("reports on actions")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="action_report_word_known",
                condition=Q(says__in=ReportWord.values),
                violation_error_message=_("Say whether the action is under way or done."),
            ),
            models.CheckConstraint(
                name="action_report_answered_by_somebody",
                condition=Q(outcome="", settled_at__isnull=True, settled_by__isnull=True)
                | Q(outcome__in=ReportOutcome.values, settled_at__isnull=False, settled_by__isnull=False),
                violation_error_message=_("An answer to a report says what, when and by whom."),
            ),
            models.CheckConstraint(
                name="action_report_only_done_is_answered",
                condition=Q(outcome="") | Q(says=ReportWord.DONE),
                violation_error_message=_("Only the word that an action is done is confirmed or given back."),
            ),
            models.CheckConstraint(
                name="action_report_given_back_with_an_answer",
                condition=~Q(outcome=ReportOutcome.RETURNED) | ~Q(answer=""),
                violation_error_message=_("Say what is still missing: its owners read it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.action}"

    @property
    def is_settled(self) -> bool:
        return self.outcome != ""


class ActionReminderQuerySet(models.QuerySet["ActionReminder"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ActionReminderQuerySet":
        """Staff alone."""
        return self if user.is_staff else self.none()


class ActionReminder(models.Model):
    """The owners of an action were reminded, so many days before it was due. Once: another due day is another matter."""

    action = models.ForeignKey(ActionItem, on_delete=models.CASCADE, verbose_name=_("action"), related_name="reminders")
    due_on = models.DateField(_("due on"))
    days = models.PositiveSmallIntegerField(_("days before"))
    mailing = models.OneToOneField(
        Mailing, on_delete=models.PROTECT, verbose_name=_("mailing"), related_name="action_reminder"
    )

    objects = ActionReminderQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]
        verbose_name = _("reminder of an action")
        verbose_name_plural = _("reminders of actions")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["action", "due_on", "days"],
                name="action_reminded_once_a_step",
                violation_error_message=_("The owners were reminded already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.action} · {self.days}"
