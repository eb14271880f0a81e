"""A meeting's minutes: notes to each agenda item, every save of them kept, and how the whole was circulated and approved."""

import zoneinfo
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.models.audience import Audience, meant_for
from meetings.models.meetings import Meeting, MeetingStatus
from meetings.models.sessions import AgendaItem
from members.models import Organisation

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


class MinutesQuerySet(models.QuerySet["Minutes"]):
    def visible_to(self, user: "User | AnonymousUser") -> "MinutesQuerySet":
        """Staff see all minutes, others those that were approved and are meant for them, of meetings that they see."""
        if user.is_staff:
            return self
        seen = self.filter(meant_for(user), approved_on__isnull=False)
        return seen.filter(meeting__in=Meeting.objects.visible_to(user))

    def approved(self) -> "MinutesQuerySet":
        """Keep those that were approved."""
        return self.filter(approved_on__isnull=False)


class Minutes(models.Model):
    """How far the minutes of a meeting are: being written, circulated for corrections, approved on a day.

    There is no status beside the dates; reopening takes the approval back, and the history says why.
    """

    meeting = models.OneToOneField(
        Meeting, on_delete=models.CASCADE, verbose_name=_("meeting"), related_name="minutes_record"
    )
    audience = models.CharField(
        _("audience"),
        max_length=12,
        choices=Audience,
        default=Audience.MEMBERS,
        help_text=_("Who reads the text once it is approved; before, it is for the secretariat alone."),
    )
    circulated_at = models.DateTimeField(_("circulated"), null=True, blank=True)
    circulated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("circulated by"), related_name="+"
    )  # fmt: skip
    corrections_until = models.DateField(_("corrections asked for until"), null=True, blank=True)
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("approved by"), related_name="+",
        help_text=_("Who recorded the approval."),
    )  # fmt: skip
    handed_out = models.JSONField(_("text as last circulated or approved"), default=list, editable=False)

    objects = MinutesQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-meeting__start_on", "-pk"]
        verbose_name = _("minutes of a meeting")
        verbose_name_plural = _("minutes of meetings")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="minutes_audience_known",
                condition=Q(audience__in=Audience.values),
                violation_error_message=_("Choose for whom the minutes are meant."),
            ),
            models.CheckConstraint(
                name="minutes_circulated_by_somebody",
                condition=Q(circulated_at__isnull=True, circulated_by__isnull=True, corrections_until__isnull=True)
                | Q(circulated_at__isnull=False, circulated_by__isnull=False),
                violation_error_message=_("Circulated minutes say when and by whom; before, no corrections are asked for."),
            ),
            models.CheckConstraint(
                name="minutes_approved_by_somebody",
                condition=Q(approved_on__isnull=True, approved_by__isnull=True)
                | Q(approved_on__isnull=False, approved_by__isnull=False, circulated_at__isnull=False),
                violation_error_message=_("Approved minutes were circulated before, and say when and by whom they were approved."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.meeting)

    @property
    def is_circulated(self) -> bool:
        return self.circulated_at is not None

    @property
    def is_approved(self) -> bool:
        return self.approved_on is not None

    @property
    def takes_corrections(self) -> bool:
        """Whether those who got them may ask for corrections now: until the end of the last day, on the meeting's clocks."""
        if not self.is_circulated or self.is_approved or self.meeting.status == MeetingStatus.CLOSED:
            return False
        today = timezone.now().astimezone(zoneinfo.ZoneInfo(self.meeting.timezone)).date()
        return self.corrections_until is None or today <= self.corrections_until


class NoteRevisionQuerySet(models.QuerySet["NoteRevision"]):
    def visible_to(self, user: "User | AnonymousUser") -> "NoteRevisionQuerySet":
        """Staff see every revision; others, of minutes that they see, the newest of each item."""
        if user.is_staff:
            return self
        meetings = Minutes.objects.visible_to(user).order_by().values("meeting")
        return self.newest().filter(item__session__meeting__in=meetings)

    def newest(self) -> "NoteRevisionQuerySet":
        """Keep the present note of each item."""
        later = NoteRevision.objects.filter(item=OuterRef("item"), number__gt=OuterRef("number"))
        return self.filter(~Exists(later))

    def of_meeting(self, meeting: Meeting) -> "NoteRevisionQuerySet":
        """Keep the notes to the items of one meeting."""
        return self.filter(item__session__meeting=meeting)


class NoteRevision(models.Model):
    """The note to an agenda item as it was saved once. The newest is the present note; none is ever changed."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, verbose_name=_("agenda item"), related_name="notes")
    number = models.PositiveIntegerField(_("revision"))
    text = models.TextField(_("note"), blank=True)
    at = models.DateTimeField(_("saved"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("saved by"), related_name="+"
    )
    restores = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("brings back"), related_name="restored_as"
    )  # fmt: skip

    objects = NoteRevisionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["item", "-number"]
        verbose_name = _("revision of a note")
        verbose_name_plural = _("revisions of notes")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item", "number"],
                name="note_revision_numbered_once",
                violation_error_message=_("This note has a revision of this number already."),
            ),
            models.CheckConstraint(
                name="note_revisions_count_from_one",
                condition=Q(number__gte=1),
                violation_error_message=_("Revisions are numbered from 1."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} · {self.number}"

    def clean(self) -> None:
        """A revision brings back one of the same item. Raises ValidationError if it is another's."""
        super().clean()
        if self.restores and self.restores.item_id != self.item_id:
            raise ValidationError({"restores": _("This revision belongs to another agenda item.")})


class CorrectionOutcome(models.TextChoices):
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def visible_to(self, user: "User | AnonymousUser") -> "CorrectionQuerySet":
        """Staff alone."""
        return self if user.is_staff else self.none()

    def unsettled(self) -> "CorrectionQuerySet":
        """Keep those that wait for an answer."""
        return self.filter(settled_at__isnull=True)


class Correction(models.Model):
    """What an organisation asks to be put differently in circulated minutes, and what became of it."""

    minutes = models.ForeignKey(
        Minutes, on_delete=models.CASCADE, verbose_name=_("minutes"), related_name="corrections"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, verbose_name=_("organisation"), related_name="corrections"
    )
    item = models.ForeignKey(
        AgendaItem, on_delete=models.RESTRICT, null=True, blank=True, verbose_name=_("agenda item"), related_name="corrections",
        help_text=_("Empty when it is about the minutes as a whole."),
    )  # fmt: skip
    text = models.TextField(_("what they ask for"))
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("recorded by"), related_name="+",
        help_text=_("Empty when the organisation wrote it itself."),
    )  # fmt: skip
    outcome = models.CharField(_("outcome"), max_length=8, choices=CorrectionOutcome, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("settled by"), related_name="+"
    )  # fmt: skip

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["minutes", "received_at", "pk"]
        verbose_name = _("correction of minutes")
        verbose_name_plural = _("corrections of minutes")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="correction_settled_by_somebody",
                condition=Q(settled_at__isnull=True, settled_by__isnull=True, outcome="", answer="")
                | Q(settled_at__isnull=False, settled_by__isnull=False, outcome__in=CorrectionOutcome.values),
                violation_error_message=_("A settled correction was accepted or declined, by somebody and at some time."),
            ),
            models.CheckConstraint(
                name="correction_declined_with_an_answer",
                condition=~Q(outcome="declined") | ~Q(answer=""),
                violation_error_message=_("Say in the answer why the correction is declined."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.organisation}: {self.text[:80]}"

    def clean(self) -> None:
        """A correction is about an item of the meeting itself. Raises ValidationError if it is another's."""
        super().clean()
        if self.item and self.item.session.meeting_id != self.minutes.meeting_id:
            raise ValidationError({"item": _("This item stands on the agenda of another meeting.")})
