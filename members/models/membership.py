"""What an organisation is to the network, told by dated changes."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models.facts import DatedChange, Fact, window_constraint
from members.models.organisations import Organisation


class Status(models.TextChoices):
    CANDIDATE = "candidate", _("candidate")
    MEMBER = "member", _("member")
    OBSERVER = "observer", _("observer")
    PARTNER = "partner", _("partner")
    ENDED = "ended", _("ended")


class Founding(models.TextChoices):
    NO = "", _("no")
    STATED = "stated", _("founding city")
    INFERRED = "inferred", _("founding city (inferred)")


class MembershipChange(DatedChange):
    """From that day on the organisation is a candidate, a member, an observer, a partner, or no longer any of these.

    The log's last line by a day tells what it was on that day; `Organisation.objects.with_status(day)` asks it.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, verbose_name=_("organisation"), related_name="membership_changes"
    )
    status = models.CharField(_("became"), max_length=10, choices=Status)
    how = models.CharField(
        _("how"),
        max_length=300,
        blank=True,
        help_text=_("As in “signed the membership declaration at the Zagreb summit”."),
    )
    founding = models.CharField(_("founding city"), max_length=8, choices=Founding, blank=True, default=Founding.NO)

    class Meta:
        ordering: ClassVar = ["latest", "pk"]
        verbose_name = _("change of membership")
        verbose_name_plural = _("changes of membership")
        constraints: ClassVar = [
            window_constraint("membership_window_ordered"),
            models.UniqueConstraint(
                fields=["organisation", "latest"],
                name="membership_one_change_a_day",
                violation_error_message=_("Another change of this organisation's membership bears the same latest day: change that one instead."),
            ),
            models.CheckConstraint(
                name="membership_status_known",
                condition=Q(status__in=Status.values),
                violation_error_message=_("The status is one of candidate, member, observer, partner, ended."),
            ),
            models.CheckConstraint(
                name="membership_founding_by_members",
                condition=Q(founding="") | Q(status="member"),
                violation_error_message=_("Only becoming a member can make a founding city."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_status_display()}, {self.when}"


class StatedMemberCount(Fact):
    """How many member cities a source gave the network on a day; kept beside the number counted from the log."""

    on = models.DateField(_("on"))
    members = models.PositiveSmallIntegerField(_("member cities"))

    class Meta:
        ordering: ClassVar = ["on", "members"]
        verbose_name = _("stated number of members")
        verbose_name_plural = _("stated numbers of members")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["on", "members"],
                name="stated_count_once_a_day",
                violation_error_message=_("This number is on record for this day: add the source to it."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.on}: {self.members}"
