"""Which day suits: a poll about the date of a planned meeting."""

import datetime as dt
import zoneinfo
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from meetings.models.links import Answered, PersonalLink, PersonalLinkQuerySet, answered_constraint, link_constraints
from meetings.models.meetings import Meeting, validate_timezone
from members.models import Organisation

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


class DatePollQuerySet(models.QuerySet["DatePoll"]):
    def visible_to(self, user: "User | AnonymousUser") -> "DatePollQuerySet":
        """Staff alone; whoever was asked sees it by their link."""
        return self if user.is_staff else self.none()


class DatePoll(models.Model):
    """Which of some days suits for a draft. Its answers belong to its options and stay with them."""

    meeting = models.OneToOneField(
        Meeting, on_delete=models.CASCADE, verbose_name=_("meeting"), related_name="date_poll"
    )
    question = models.CharField(
        _("question"), max_length=300, blank=True, help_text=_("What they read above the days; empty asks which of them suit.")
    )  # fmt: skip
    timezone = models.CharField(
        _("time zone"),
        max_length=40,
        validators=[validate_timezone],
        help_text=_("In which the options are written; every city sees its own hour beside it."),
    )
    closes_on = models.DateField(
        _("answer by"), null=True, blank=True, help_text=_("The last day, in this time zone. Empty: until you close it.")
    )  # fmt: skip
    created_at = models.DateTimeField(_("made"), default=now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, verbose_name=_("made by"), related_name="+"
    )  # fmt: skip
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = DatePollQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]
        verbose_name = _("date poll")
        verbose_name_plural = _("date polls")

    def __str__(self) -> str:
        return str(_("Date poll: %(meeting)s") % {"meeting": self.meeting})

    @property
    def closes_at(self) -> dt.datetime | None:
        """The end of the last day to answer, on the poll's clocks."""
        if self.closes_on is None:
            return None
        return dt.datetime.combine(self.closes_on + dt.timedelta(days=1), dt.time(), zoneinfo.ZoneInfo(self.timezone))

    @property
    def is_open(self) -> bool:
        """Whether it can be answered now."""
        closes = self.closes_at
        return self.closed_at is None and self.meeting.is_draft and (closes is None or now() < closes)


class PollOptionQuerySet(models.QuerySet["PollOption"]):
    def offered(self) -> "PollOptionQuerySet":
        """Keep those that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class PollOption(models.Model):
    """A day and hour that is asked about. It never changes: another time is another option, with answers of its own."""

    poll = models.ForeignKey(DatePoll, on_delete=models.CASCADE, verbose_name=_("date poll"), related_name="options")
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    is_chosen = models.BooleanField(_("chosen"), default=False)

    objects = PollOptionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["starts_at", "ends_at", "pk"]
        verbose_name = _("option of a date poll")
        verbose_name_plural = _("options of date polls")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["poll", "starts_at", "ends_at"],
                name="poll_option_once",
                violation_error_message=_("This time is among the options already."),
            ),
            models.CheckConstraint(
                name="poll_option_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("An option ends after it starts."),
            ),
            models.UniqueConstraint(
                fields=["poll"],
                condition=Q(is_chosen=True),
                name="poll_option_one_chosen",
                violation_error_message=_("Another option is chosen already."),
            ),
        ]

    def __str__(self) -> str:
        local = self.starts_at.astimezone(zoneinfo.ZoneInfo(self.poll.timezone))
        return f"{local:%Y-%m-%d %H:%M}"


class BallotQuerySet(models.QuerySet["Ballot"]):
    def visible_to(self, user: "User | AnonymousUser") -> "BallotQuerySet":
        """Staff alone; whoever was asked sees their own by their link."""
        return self if user.is_staff else self.none()


class Ballot(Answered):
    """An organisation is asked which days suit, and gives one answer, whoever of it answers."""

    poll = models.ForeignKey(DatePoll, on_delete=models.CASCADE, verbose_name=_("date poll"), related_name="ballots")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, verbose_name=_("organisation"), related_name="ballots"
    )
    remark = models.TextField(_("remark"), blank=True)

    objects = BallotQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["poll", "organisation__key", "pk"]
        verbose_name = _("answer to a date poll")
        verbose_name_plural = _("answers to date polls")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["poll", "organisation"],
                name="ballot_once_a_poll",
                violation_error_message=_("This organisation is asked already."),
            ),
            answered_constraint("ballot_answered_by_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.poll}"


class Voter(PersonalLink):
    """Somebody who was asked for an organisation."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, verbose_name=_("answer"), related_name="voters")

    objects = PersonalLinkQuerySet["Voter"].as_manager()

    class Meta:
        ordering: ClassVar = ["name", "address", "pk"]
        verbose_name = _("person asked for a date")
        verbose_name_plural = _("people asked for a date")
        constraints: ClassVar = link_constraints("voter", "ballot")


class Suits(models.TextChoices):
    YES = "yes", _("yes")
    MAYBE = "maybe", _("if need be")
    NO = "no", _("no")


class Preference(models.Model):
    """What an organisation says of one option."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, verbose_name=_("answer"), related_name="preferences")
    option = models.ForeignKey(
        PollOption, on_delete=models.RESTRICT, verbose_name=_("option"), related_name="preferences"
    )
    suits = models.CharField(_("suits"), max_length=5, choices=Suits)

    class Meta:
        ordering: ClassVar = ["option__starts_at", "pk"]
        verbose_name = _("word on an option")
        verbose_name_plural = _("words on options")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ballot", "option"],
                name="preference_once_an_option",
                violation_error_message=_("This option is answered already."),
            ),
            models.CheckConstraint(
                name="preference_suits_known",
                condition=Q(suits__in=Suits.values),
                violation_error_message=_("Say yes, if need be, or no."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.option}: {self.get_suits_display()}"
