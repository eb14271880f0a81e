"""What was asked of organisations at a meeting, and what became of it."""

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from meetings.models.meetings import Meeting
from meetings.models.minutes import Minutes
from meetings.models.sessions import AgendaItem, Session
from members.models import Organisation
from members.names import search_text
from members.rights import organisations_of
from workinggroups.models import WorkingGroup
from workinggroups.rights import groups_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from meetings.models.action_reports import ActionReport
    from members.models import User


class ActionOutcome(models.TextChoices):
    DONE = "done", _("done")
    DROPPED = "dropped", _("dropped")


class ActionItemQuerySet(models.QuerySet["ActionItem"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ActionItemQuerySet":
        """Staff see all; a delegate what the own organisations are to do, and the open matters of the groups in which
        they sit; everybody those that came out of an item of minutes which they may read.
        """
        if user.is_staff:
            return self
        readable = Minutes.objects.visible_to(user).order_by().values("meeting")
        told = self.filter(item__isnull=False, meeting__in=readable)
        if not user.is_authenticated:
            return told
        return self.of_organisations(organisations_of(user)) | self.filter(group__in=groups_of(user)) | told

    def open_on(self, day: dt.date) -> "ActionItemQuerySet":
        """Keep those that were open at the end of a day."""
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day), opened_on__lte=day)

    def still_open(self) -> "ActionItemQuerySet":
        """Keep those that were not closed."""
        return self.filter(closed_on__isnull=True)

    def overdue(self, day: dt.date) -> "ActionItemQuerySet":
        """Keep open ones whose day was before a day, the longest overdue first."""
        return self.still_open().filter(due_on__lt=day).order_by("due_on", "pk")

    def of_organisation(self, organisation: Organisation) -> "ActionItemQuerySet":
        """Keep those that an organisation owns, alone or with others."""
        return self.of_organisations(Organisation.objects.filter(pk=organisation.pk))

    def of_organisations(self, organisations: "models.QuerySet[Organisation]") -> "ActionItemQuerySet":
        """Keep those that some organisations own, alone or with others."""
        owning = ActionItem.owners.through.objects.filter(organisation__in=organisations).order_by()
        return self.filter(pk__in=owning.values("actionitem"))

    def due_by(self, day: dt.date) -> "ActionItemQuerySet":
        """Keep open ones that are due by a day, overdue ones among them, the longest overdue first."""
        return self.still_open().filter(due_on__lte=day).order_by("due_on", "pk")

    def arising_at(self, meeting: Meeting) -> "ActionItemQuerySet":
        """Keep the matters arising at a meeting: opened at earlier ones, not closed before its day, and of a body that
        meets there. A working group's return with a session of the group, the network's with a plenary one.
        """
        plenary = Session.objects.filter(meeting=meeting, working_groups__isnull=True).order_by()
        groups = Session.working_groups.through.objects.filter(session__meeting=meeting)
        of_body = Q(group__in=groups.values("workinggroup")) | Q(Exists(plenary), group__isnull=True)
        earlier = Q(meeting__start_on__lt=meeting.start_on) | Q(meeting__start_on=meeting.start_on, meeting__lt=meeting)
        open_then = Q(closed_on__isnull=True) | Q(closed_on__gte=meeting.start_on)
        return self.filter(earlier, open_then, of_body)


class ActionItem(models.Model):
    """Something that organisations are to do: opened at a meeting, closed on a day, in between it returns by itself."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, verbose_name=_("opened at"), related_name="action_items"
    )
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("agenda item"), related_name="action_items"
    )  # fmt: skip
    group = models.ForeignKey(
        WorkingGroup, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("working group"), related_name="action_items",
        help_text=_("With whose sessions it returns until it is closed; empty for the network, with plenary ones."),
    )  # fmt: skip
    text = models.CharField(_("what is to be done"), max_length=400)
    owners = models.ManyToManyField(
        Organisation, verbose_name=_("owners"), blank=True, related_name="action_items",
        help_text=_("The organisations that are to do it."),
    )  # fmt: skip
    opened_on = models.DateField(
        _("opened on"), blank=True, help_text=_("Empty takes the last day of the meeting at which it was opened.")
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=ActionOutcome, blank=True)
    evidence = models.TextField(_("evidence"), blank=True, help_text=_("What shows that it was done, or why not."))
    evidence_url = models.URLField(_("address of the evidence"), blank=True, max_length=600)
    search = models.CharField(max_length=800, editable=False)

    objects = ActionItemQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = [F("due_on").asc(nulls_last=True), "pk"]
        verbose_name = _("action item")
        verbose_name_plural = _("action items")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="action_closed_with_an_outcome",
                condition=Q(closed_on__isnull=True, outcome="")
                | Q(closed_on__isnull=False, outcome__in=ActionOutcome.values),
                violation_error_message=_("A closed action has a day and an outcome, an open one has neither."),
            ),
            models.CheckConstraint(
                name="action_closed_after_it_was_opened",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                violation_error_message=_("It was closed before it was opened: check the two days."),
            ),
            models.UniqueConstraint(
                fields=["meeting", "text"],
                name="action_once_a_meeting",
                violation_error_message=_("This action was opened at this meeting already."),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.opened_on = self.opened_on or self.meeting.known_by
        self.search = search_text(f"{self.text} {self.evidence}")[:800]
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """The item stands on the agenda of the meeting. Raises ValidationError if it is another's."""
        super().clean()
        if self.meeting_id:
            self.opened_on = self.opened_on or self.meeting.known_by  # the constraints compare with it
        if self.item and self.item.session.meeting_id != self.meeting_id:
            raise ValidationError({"item": _("This item stands on the agenda of another meeting.")})

    @property
    def last_report(self) -> "ActionReport | None":
        """What its owners reported last. Asks no query where `reports` was prefetched."""
        return next(iter(self.reports.all()), None)

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    def is_overdue(self, day: dt.date) -> bool:
        """Whether it is open and its day was before a day."""
        return self.is_open and self.due_on is not None and self.due_on < day

    @property
    def standing(self) -> str:
        """How it stands, in words: done or dropped on a day, due on one, or merely open."""
        if self.closed_on:
            return f"{self.get_outcome_display()}, {date_format(self.closed_on, 'j F Y')}"
        if self.due_on:
            return _("open, due %(day)s") % {"day": date_format(self.due_on, "j F Y")}
        return str(_("open, without a due day"))
