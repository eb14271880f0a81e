"""The life of a meeting, step by step, and what was frozen when it was closed."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.models.meetings import Meeting, MeetingStatus
from members.dates import days_label

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


class Step(models.TextChoices):
    ANNOUNCE = "announce", _("announced")
    START = "start", _("begun")
    HOLD = "hold", _("held")
    CLOSE = "close", _("closed")
    REOPEN = "reopen", _("reopened")
    MOVE = "move", _("moved")
    POSTPONE = "postpone", _("postponed")
    CANCEL = "cancel", _("cancelled")


class MeetingStepQuerySet(models.QuerySet["MeetingStep"]):
    def visible_to(self, user: "User | AnonymousUser") -> "MeetingStepQuerySet":
        """The steps of the meetings that the user may see."""
        return self.filter(meeting__in=Meeting.objects.visible_to(user))


class MeetingStep(models.Model):
    """One step of a meeting's life: who took it, when and why, and where the meeting stood before and after."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, verbose_name=_("meeting"), related_name="steps")
    step = models.CharField(_("step"), max_length=10, choices=Step)
    before = models.CharField(_("status before"), max_length=10, choices=MeetingStatus)
    after = models.CharField(_("status after"), max_length=10, choices=MeetingStatus)
    start_on = models.DateField(_("first day until then"))
    end_on = models.DateField(_("last day until then"), null=True, blank=True)
    reason = models.CharField(_("why"), max_length=400, blank=True)
    taken_at = models.DateTimeField(_("when"), default=timezone.now)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, verbose_name=_("by"), related_name="+"
    )

    objects = MeetingStepQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name = _("step of a meeting")
        verbose_name_plural = _("steps of meetings")
        default_permissions = ("view",)
        constraints: ClassVar = [
            models.CheckConstraint(
                name="meeting_step_known",
                condition=Q(step__in=Step.values),
                violation_error_message=_("Choose one of the steps of a meeting's life."),
            ),
            models.CheckConstraint(
                name="meeting_step_has_its_reason",
                condition=~Q(step__in=["reopen", "postpone", "cancel"]) | ~Q(reason=""),
                violation_error_message=_("Say why: this step needs its reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.meeting}"

    @property
    def days(self) -> str:
        """The days for which it was called until this step, in words."""
        return days_label(self.start_on, self.end_on)


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def visible_to(self, user: "User | AnonymousUser") -> "SnapshotQuerySet":
        """The snapshots of the meetings that the user may see."""
        return self.filter(meeting__in=Meeting.objects.visible_to(user))


class Snapshot(models.Model):
    """A meeting's record as it was frozen: never changed afterwards. Reopening and closing again makes the next version."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, verbose_name=_("meeting"), related_name="snapshots")
    number = models.PositiveSmallIntegerField(_("version"))
    record = models.JSONField(_("record"))
    taken_at = models.DateTimeField(_("frozen"), default=timezone.now)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, verbose_name=_("by"), related_name="+"
    )

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["meeting", "number"]
        verbose_name = _("frozen record")
        verbose_name_plural = _("frozen records")
        default_permissions = ("view",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["meeting", "number"],
                name="snapshot_once_a_version",
                violation_error_message=_("This version is there already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting}, {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:record", args=[self.meeting.slug, self.number])
