"""The attendance ledger: which organisation was where, and who says so."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.lookups import IsNull
from django.utils.translation import gettext_lazy as _

from meetings.models.meetings import Meeting
from meetings.models.sessions import Session
from members.models import Fact, Kind, Organisation, Person
from members.rights import organisations_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


TAKING_PART = [("room", _("in the room")), ("online", _("online"))]


class Presence(models.TextChoices):
    PRESENT = "present", _("present")
    EXCUSED = "excused", _("excused")
    ABSENT = "absent", _("absent")


class Channel(models.TextChoices):
    SECRETARIAT = "secretariat", _("secretariat")
    PUBLISHED = "published", _("published report")
    PRESS = "press", _("press")
    SELF = "self", _("own statement")
    QR = "qr", _("check-in in the room")
    SIGN_SHEET = "sign_sheet", _("sign sheet")
    ZOOM = "zoom", _("Zoom report")
    TEAMS = "teams", _("Teams report")


class Capacity(models.TextChoices):
    BY_MEMBERSHIP = "", _("by its membership on the day")
    OBSERVER = "observer", _("observer")
    PARTNER = "partner", _("partner")
    GUEST = "guest", _("guest")


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def visible_to(self, user: "User | AnonymousUser") -> "AttendanceQuerySet":
        """Rows of the meetings that the user may see."""
        return self.filter(meeting__in=Meeting.objects.visible_to(user))

    def with_counted(self) -> "AttendanceQuerySet":
        """Annotate `is_counted`: whether the row makes its organisation one that attended. The one rule that every list, count and export uses.

        A row counts when it says "present", unless the secretariat's own row about the same organisation and the same scope (the whole meeting, or that
        session) says otherwise: the secretariat settles what sources contradict. Rows of one organisation may be several; count organisations, not rows.
        """
        same_scope = Q(session=OuterRef("session")) | (Q(session__isnull=True) & IsNull(OuterRef("session"), True))
        settled_otherwise = Attendance.objects.filter(
            same_scope, meeting=OuterRef("meeting"), organisation=OuterRef("organisation"), channel=Channel.SECRETARIAT
        ).exclude(presence=Presence.PRESENT)
        return self.annotate(
            is_counted=models.ExpressionWrapper(
                Q(presence=Presence.PRESENT) & ~Exists(settled_otherwise), models.BooleanField()
            )
        )

    def counted(self) -> "AttendanceQuerySet":
        """Keep the rows that count, see `with_counted`."""
        return self.with_counted().filter(Q(is_counted=True))

    def of_cities(self) -> "AttendanceQuerySet":
        return self.filter(organisation__kind=Kind.CITY)

    def unsettled(self) -> "models.QuerySet[Attendance, Any]":
        """Give meeting, session and organisation where sources contradict each other, unless the secretariat's own row
        there has settled it.
        """
        scopes = self.order_by().values("meeting", "session", "organisation")
        said = scopes.annotate(
            words=models.Count("presence", distinct=True),
            settled=models.Count("pk", filter=Q(channel=Channel.SECRETARIAT)),
        )
        return said.filter(words__gt=1, settled=0)


class Attendance(Fact):
    """One source's word on one organisation at a meeting, or at one session of it. Sources may disagree; each has a row of its own."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, verbose_name=_("meeting"), related_name="attendances"
    )
    session = models.ForeignKey(
        Session, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("session"), related_name="attendances",
        help_text=_("Empty when the source speaks of the meeting as a whole."),
    )  # fmt: skip
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, verbose_name=_("organisation"), related_name="attendances"
    )
    presence = models.CharField(_("presence"), max_length=8, choices=Presence, default=Presence.PRESENT)
    mode = models.CharField(
        _("in the room or online"),
        max_length=8,
        choices=TAKING_PART,
        blank=True,
    )
    capacity = models.CharField(
        _("took part as"), max_length=10, choices=Capacity, blank=True, default=Capacity.BY_MEMBERSHIP
    )
    channel = models.CharField(_("told by"), max_length=12, choices=Channel, default=Channel.SECRETARIAT)
    arrived_at = models.DateTimeField(
        _("from"), null=True, blank=True, help_text=_("When the first of them came, if known.")
    )
    left_at = models.DateTimeField(
        _("until"), null=True, blank=True, help_text=_("When the last of them left, if known.")
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("recorded by"),
        related_name="+",
    )
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["organisation__key", "pk"]
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["meeting", "organisation", "channel"],
                condition=Q(session__isnull=True),
                name="attendance_once_a_meeting_and_channel",
                violation_error_message=_("This organisation is listed already for the whole meeting from the same kind of source."),
            ),
            models.UniqueConstraint(
                fields=["session", "organisation", "channel"],
                condition=Q(session__isnull=False),
                name="attendance_once_a_session_and_channel",
                violation_error_message=_("This organisation is listed already for this session from the same kind of source."),
            ),
            models.CheckConstraint(
                name="attendance_presence_known",
                condition=Q(presence__in=Presence.values),
                violation_error_message=_("Choose present, excused or absent."),
            ),
            models.CheckConstraint(
                name="attendance_channel_known",
                condition=Q(channel__in=Channel.values),
                violation_error_message=_("Choose who told of it."),
            ),
            models.CheckConstraint(
                name="attendance_left_after_arriving",
                condition=Q(arrived_at__isnull=True) | Q(left_at__isnull=True) | Q(left_at__gte=F("arrived_at")),
                violation_error_message=_("They left before they arrived: check the two times."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_presence_display()}"

    def clean(self) -> None:
        """A session's row belongs to that session's meeting. Raises ValidationError."""
        super().clean()
        if self.session_id and self.meeting_id and self.session and self.session.meeting_id != self.meeting_id:
            raise ValidationError({"session": _("This session belongs to another meeting.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.clean()
        super().save(*args, **kwargs)


class DelegateQuerySet(models.QuerySet["Delegate"]):
    def visible_to(self, user: "User | AnonymousUser") -> "DelegateQuerySet":
        """Staff see all, delegates those of their organisations: the public sees organisations and counts, no names."""
        return self if user.is_staff else self.filter(attendance__organisation__in=organisations_of(user))


class Delegate(models.Model):
    """Somebody who was there for an organisation, as the source of its row names them. Private."""

    attendance = models.ForeignKey(
        Attendance, on_delete=models.CASCADE, verbose_name=_("attendance"), related_name="delegates"
    )
    name = models.CharField(_("name"), max_length=200)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("person on record"), related_name="+"
    )
    email = models.EmailField(_("mail address"), blank=True)
    joined_at = models.DateTimeField(_("joined"), null=True, blank=True)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    minutes = models.PositiveIntegerField(_("minutes present"), null=True, blank=True)
    mode = models.CharField(
        _("in the room or online"), max_length=8, choices=TAKING_PART, blank=True, help_text=_("Empty when not known.")
    )

    objects = DelegateQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        verbose_name = _("delegate present")
        verbose_name_plural = _("delegates present")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["attendance", "name", "email"],
                name="delegate_once_a_row",
                violation_error_message=_("This person is listed already."),
            ),
            models.CheckConstraint(
                name="delegate_left_after_joining",
                condition=Q(joined_at__isnull=True) | Q(left_at__isnull=True) | Q(left_at__gte=F("joined_at")),
                violation_error_message=_("They left before they joined: check the two times."),
            ),
            models.CheckConstraint(
                name="delegate_mode_known",
                condition=Q(mode__in=["", *dict(TAKING_PART)]),
                violation_error_message=_("Choose in the room or online."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Guest(models.Model):
    """Somebody whom a source names as present and who is not in the register: a minister, an embassy, a city outside the network."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, verbose_name=_("meeting"), related_name="guests")
    name = models.CharField(_("name"), max_length=200)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering: ClassVar = ["order", "name", "pk"]
        verbose_name = _("guest outside the register")
        verbose_name_plural = _("guests outside the register")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["meeting", "name"], name="guest_once_a_meeting", violation_error_message=_("This guest is listed already.")
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
