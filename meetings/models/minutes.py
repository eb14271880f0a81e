"""A meeting's minutes: notes to each agenda item, every save of them kept, and how the whole was circulated and approved."""

import datetime as dt
import zoneinfo
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.models.audience import Audience, meant_for
from meetings.models.meetings import Meeting, MeetingStatus
from meetings.models.sessions import AgendaItem, Session
from members.models import Organisation
from members.rights import organisations_of
from workinggroups.rights import coordinated_by

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


def _invited() -> "models.QuerySet[Any]":
    from meetings.models.invitations import Invitation  # invitations need meetings first

    return Invitation.objects.order_by()


def _there() -> "models.QuerySet[Any]":
    from meetings.models.attendance import Attendance  # so does the ledger

    return Attendance.objects.counted().order_by()


def _of(organisations: "models.QuerySet[Organisation]", rows: "models.QuerySet[Any]") -> "models.QuerySet[Any, Any]":
    """Give the meetings of some organisations' rows."""
    return rows.filter(organisation__in=organisations).values("meeting")


class MinutesQuerySet(models.QuerySet["Minutes"]):
    def visible_to(self, user: "User | AnonymousUser") -> "MinutesQuerySet":
        """Staff see all minutes; others, of meetings that they see, those that were approved and are meant for them, and
        those that they are asked to check.
        """
        if user.is_staff:
            return self
        approved = self.filter(meant_for(user), approved_on__isnull=False)
        seen = approved.filter(meeting__in=Meeting.objects.visible_to(user))
        return seen | self.to_check_by(user) if user.is_authenticated else seen

    def to_check_by(self, user: "User | AnonymousUser") -> "MinutesQuerySet":
        """Keep those that were circulated and are not approved, of meetings to which an organisation of somebody's was
        invited, or at which it was by the ledger's one rule.
        """
        own = organisations_of(user)
        theirs = Q(meeting__in=_of(own, _invited())) | Q(meeting__in=_of(own, _there()))
        waiting = self.filter(theirs, circulated_at__isnull=False, approved_on__isnull=True)
        return waiting.filter(meeting__in=Meeting.objects.visible_to(user))

    def still_asked(self, day: dt.date) -> "MinutesQuerySet":
        """Keep those about which corrections are still asked for on a day, see `Minutes.takes_corrections`."""
        in_time = Q(corrections_until__isnull=True) | Q(corrections_until__gte=day)
        waiting = self.filter(in_time, circulated_at__isnull=False, approved_on__isnull=True)
        return waiting.exclude(meeting__status=MeetingStatus.CLOSED)

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
        help_text=_("Who reads the text once it is approved; before, the secretariat, and those asked to check it."),
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

    def organisations_asked(self) -> "models.QuerySet[Organisation]":
        """The organisations that are asked to check them: invited to the meeting, or there."""
        meeting = {"meeting": self.meeting_id}
        asked = [rows.filter(**meeting).values("organisation") for rows in (_invited(), _there())]
        return Organisation.objects.filter(Q(pk__in=asked[0]) | Q(pk__in=asked[1])).order_by()

    @property
    def takes_corrections(self) -> bool:
        """Whether those who got them may ask for corrections now: until the end of the last day, on the meeting's clocks."""
        if not self.is_circulated or self.is_approved or self.meeting.status == MeetingStatus.CLOSED:
            return False
        today = timezone.now().astimezone(zoneinfo.ZoneInfo(self.meeting.timezone)).date()
        return self.corrections_until is None or today <= self.corrections_until


class NoteRevisionQuerySet(models.QuerySet["NoteRevision"]):
    def visible_to(self, user: "User | AnonymousUser") -> "NoteRevisionQuerySet":
        """Staff see every revision, coordinators those of their groups' sessions; others, of minutes that they see, the
        newest of each item.
        """
        if user.is_staff:
            return self
        meetings = Minutes.objects.visible_to(user).order_by().values("meeting")
        later = NoteRevision.objects.filter(item=OuterRef("item"), number__gt=OuterRef("number"))
        told = Q(~Exists(later), item__session__meeting__in=meetings)
        if not user.is_authenticated:
            return self.filter(told)
        led = Session.working_groups.through.objects.filter(workinggroup__in=coordinated_by(user)).order_by()
        return self.filter(told | Q(item__session__in=led.values("session")))

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
        """Staff see all, delegates what their organisations asked for."""
        return self if user.is_staff else self.filter(organisation__in=organisations_of(user))

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
