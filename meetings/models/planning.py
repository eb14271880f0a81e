"""Templates from which meetings are planned."""

from typing import TYPE_CHECKING, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.models.meetings import MeetingKind, Mode, validate_timezone
from workinggroups.models import WorkingGroup

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


class MeetingTemplateQuerySet(models.QuerySet["MeetingTemplate"]):
    def visible_to(self, user: "User | AnonymousUser") -> "MeetingTemplateQuerySet":
        """Staff alone."""
        return self if user.is_staff else self.none()


class MeetingTemplate(models.Model):
    """How a meeting of some kind goes: its sessions one after the other, with what stands on every agenda."""

    name = models.CharField(
        _("name"),
        max_length=120,
        unique=True,
        error_messages={"unique": _("There is already a template of this name.")},
    )
    title = models.CharField(
        _("title of its meetings"),
        max_length=160,
        help_text=_("As in “Online working group round, {month} {year}”: month and year are filled in."),
    )
    kind = models.CharField(_("kind"), max_length=16, choices=MeetingKind, default=MeetingKind.WORKING_GROUPS)
    mode = models.CharField(_("mode"), max_length=10, choices=Mode, default=Mode.ONLINE)
    timezone = models.CharField(
        _("time zone"),
        max_length=40,
        default="Europe/Istanbul",
        validators=[validate_timezone],
        help_text=_("An IANA name, as in Europe/Sofia."),
    )
    starts = models.TimeField(_("starts"), default="10:00", help_text=_("The hour of its first session."))
    summary = models.TextField(_("summary"), blank=True, help_text=_("One or two sentences for lists and previews."))

    objects = MeetingTemplateQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name = _("meeting template")
        verbose_name_plural = _("meeting templates")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="meeting_template_kind_known",
                condition=Q(kind__in=MeetingKind.values),
                violation_error_message=_("Choose one of the kinds of meeting."),
            ),
            models.CheckConstraint(
                name="meeting_template_mode_known",
                condition=Q(mode__in=Mode.values),
                violation_error_message=_("Choose online, in person or hybrid."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TemplateSession(models.Model):
    """One session of a template. It begins when the one before it has ended, and a break after it."""

    template = models.ForeignKey(
        MeetingTemplate, on_delete=models.CASCADE, verbose_name=_("template"), related_name="sessions"
    )
    title = models.CharField(
        _("title"), max_length=200, blank=True, help_text=_("Empty shows the groups' names, or “Plenary”.")
    )
    working_groups = models.ManyToManyField(
        WorkingGroup, verbose_name=_("working groups"), blank=True, related_name="template_sessions"
    )
    day = models.PositiveSmallIntegerField(
        _("day"), default=1, validators=[MinValueValidator(1)], help_text=_("1 for the first day of the meeting.")
    )
    pause = models.PositiveSmallIntegerField(
        _("break before it"), default=0, help_text=_("Minutes after the session before it, or after the hour at which the day begins.")
    )  # fmt: skip
    minutes = models.PositiveSmallIntegerField(_("length in minutes"), default=60, validators=[MinValueValidator(5)])
    items = models.TextField(
        _("standing items"),
        blank=True,
        help_text=_("What stands on every agenda, one a line, with its minutes in front: “10 Opening”."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering: ClassVar = ["template", "day", "order", "pk"]
        verbose_name = _("session of a template")
        verbose_name_plural = _("sessions of templates")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="template_session_takes_time",
                condition=Q(day__gte=1, minutes__gte=5),
                violation_error_message=_("A session is on the first day or later and takes at least five minutes."),
            )
        ]

    def __str__(self) -> str:
        return self.title or ", ".join(group.name for group in self.working_groups.all()) or str(_("Plenary"))

    @property
    def standing_items(self) -> list[tuple[int | None, str]]:
        """Give minutes, where they are written, and title of each standing item."""
        lines = [line.strip() for line in self.items.splitlines() if line.strip()]
        return [_read_item(line) for line in lines]


def _read_item(line: str) -> tuple[int | None, str]:
    number, _blank, rest = line.partition(" ")
    is_timed = number.isascii() and number.isdigit() and len(number) <= 3 and bool(rest.strip())
    return (int(number), rest.strip()) if is_timed else (None, line)
