"""What came of a meeting, and the totals that sources gave of it."""

from typing import TYPE_CHECKING, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Count, ExpressionWrapper, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from meetings.models.attendance import Attendance
from meetings.models.meetings import Meeting
from meetings.models.minutes import Minutes
from meetings.models.sessions import AgendaItem
from members.models import Certainty, Fact

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, user: "User | AnonymousUser") -> "DecisionQuerySet":
        """Staff see all decisions, others those of meetings that they see.

        What came out of an agenda item is public once the minutes are approved; what the record lists by itself is at
        once.
        """
        if user.is_staff:
            return self
        return self.filter(_is_told(), meeting__in=Meeting.objects.visible_to(user))

    def with_told(self) -> "DecisionQuerySet":
        """Annotate `is_told`: whether it is told to those who see the meeting, or waits for the minutes' approval."""
        return self.annotate(is_told=ExpressionWrapper(_is_told(), output_field=models.BooleanField()))


def _is_told() -> Q:
    approved = Minutes.objects.approved().order_by().values("meeting")
    return Q(item__isnull=True) | Q(meeting__in=approved)


class Decision(models.Model):
    """Something decided, signed or elected at a meeting."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, verbose_name=_("meeting"), related_name="decisions")
    item = models.ForeignKey(
        AgendaItem, on_delete=models.RESTRICT, null=True, blank=True, verbose_name=_("agenda item"), related_name="decisions",
        help_text=_("Where it was taken; it is public once the minutes are approved. Without an item it is public at once."),
    )  # fmt: skip
    text = models.CharField(_("decision"), max_length=400)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["order", "pk"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["meeting", "text"], name="decision_once_a_meeting", violation_error_message=_("This decision is listed already.")
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """The item is one of the meeting, whose minutes are not approved yet. Raises ValidationError otherwise."""
        super().clean()
        if not self.item:
            return
        if self.item.session.meeting_id != self.meeting_id:
            raise ValidationError({"item": _("This item stands on the agenda of another meeting.")})
        if Minutes.objects.approved().filter(meeting=self.meeting_id).exists():
            raise ValidationError(_("The minutes of this meeting are approved: reopen them to change a decision."))


class StatedTotalQuerySet(models.QuerySet["StatedTotal"]):
    def with_counted(self) -> "StatedTotalQuerySet":
        """Annotate `counted`: the same number from the ledger, None for what no ledger counts."""
        cities = Attendance.objects.counted().of_cities().filter(meeting=OuterRef("meeting")).order_by()
        grouped = cities.values("meeting")
        towns = Subquery(grouped.annotate(n=Count("organisation", distinct=True)).values("n"))
        countries = Subquery(grouped.annotate(n=Count("organisation__country", distinct=True)).values("n"))
        return self.annotate(
            counted=Case(
                When(what="cities", then=Coalesce(towns, 0)),
                When(what="countries", then=Coalesce(countries, 0)),
                output_field=models.IntegerField(null=True),
            )
        )

    def differing(self) -> "StatedTotalQuerySet":
        """Keep those that the ledger contradicts, unless a person has marked them as disputed.

        A meeting of which nobody is listed yet contradicts nothing.
        """
        other = Q(bound="exactly") & ~Q(number=F("counted"))
        too_few, too_many = Q(bound="over", counted__lte=F("number")), Q(bound="nearly", counted__gt=F("number"))
        counted = self.with_counted().filter(Q(counted__gt=0))
        return counted.filter(other | too_few | too_many).exclude(certainty=Certainty.DISPUTED)


class StatedTotal(Fact):
    """A number that a source gives of a meeting. It stands beside the counted one and never replaces it."""

    class What(models.TextChoices):
        CITIES = "cities", _("cities")
        COUNTRIES = "countries", _("countries")
        PARTICIPANTS = "participants", _("participants")
        CITY_REPRESENTATIVES = "city_representatives", _("city representatives")
        MEMBERS = "members", _("member cities of the network")

    class Bound(models.TextChoices):
        EXACTLY = "exactly", _("exactly")
        ABOUT = "about", _("about")
        OVER = "over", _("more than")
        NEARLY = "nearly", _("nearly")

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, verbose_name=_("meeting"), related_name="stated_totals"
    )
    what = models.CharField(_("of what"), max_length=20, choices=What)
    bound = models.CharField(_("how exact"), max_length=8, choices=Bound, default=Bound.EXACTLY)
    number = models.PositiveIntegerField(_("number"))
    stated_by = models.CharField(
        _("stated by"), max_length=120, blank=True, help_text=_("As in “Belgrade press service”.")
    )

    objects = StatedTotalQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["what", "pk"]
        verbose_name = _("stated total")
        verbose_name_plural = _("stated totals")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["meeting", "what", "number", "stated_by"],
                name="stated_total_once",
                violation_error_message=_("This total is listed already."),
            ),
            models.CheckConstraint(
                name="stated_total_of_something_known",
                condition=Q(what__in=["cities", "countries", "participants", "city_representatives", "members"]),
                violation_error_message=_("Choose what the total counts."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.phrase

    @property
    def is_exact(self) -> bool:
        return self.bound == self.Bound.EXACTLY

    @property
    def amount(self) -> str:
        """As in "more than 500"."""
        return str(self.number) if self.is_exact else f"{self.get_bound_display()} {self.number}"

    @property
    def phrase(self) -> str:
        """As in "more than 500 participants"."""
        return f"{self.amount} {self.get_what_display()}"
