"""Whom to write to: people who act for an organisation, from some day until another."""

import datetime as dt
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from members.models.addresses import DeadAddress
from members.models.organisations import Organisation
from members.models.presidencies import Person
from members.rights import organisations_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models.accounts import User


class MandateRole(models.TextChoices):
    MAYOR = "mayor", _("mayor")
    LEAD = "lead", _("lead delegate")
    CONTACT = "contact", _("contact")
    POLITICAL = "political", _("political delegate")
    TECHNICAL = "technical", _("technical delegate")
    ALTERNATE = "alternate", _("alternate")


class MandateQuerySet(models.QuerySet["Mandate"]):
    def visible_to(self, user: "User | AnonymousUser") -> "MandateQuerySet":
        """Staff see all, a delegate those of the own organisations: who works for a city is not public."""
        return self if user.is_staff else self.filter(organisation__in=organisations_of(user))

    def on(self, day: dt.date) -> "MandateQuerySet":
        """Keep those that hold on a day; an end to come ends nothing before it."""
        begun = Q(starts_on__isnull=True) | Q(starts_on__lte=day)
        return self.filter(begun, Q(ends_on__isnull=True) | Q(ends_on__gte=day))

    def with_dead_address(self) -> "MandateQuerySet":
        """Add `dead_address`, the key of the mark at their mail address; None when it may be written to."""
        marks = DeadAddress.objects.filter(address=Lower(OuterRef("email")))
        return self.annotate(
            dead_address=Subquery(marks.values("pk")[:1]), dead_since=Subquery(marks.values("since")[:1])
        )


class Mandate(models.Model):
    """A person acts for an organisation in some role. Private.

    What their account may do rests on it, from the first to the last day. A lead delegate also invites and retires
    colleagues of the organisation.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, verbose_name=_("organisation"), related_name="mandates"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, verbose_name=_("person"), related_name="mandates")
    role = models.CharField(_("role"), max_length=10, choices=MandateRole, default=MandateRole.CONTACT)
    position = models.CharField(
        _("position"), max_length=160, blank=True, help_text=_("As in “Head of international relations”.")
    )
    email = models.EmailField(_("mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True, help_text=_("Empty when the day is not known."))
    ends_on = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day; empty while it holds."))
    note = models.TextField(_("note"), blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["organisation__key", "person__name", "pk"]
        verbose_name = _("contact or delegate")
        verbose_name_plural = _("contacts and delegates")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="mandate_ends_after_it_starts",
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.UniqueConstraint(
                fields=["organisation", "person", "role"],
                condition=Q(ends_on__isnull=True),
                name="mandate_once_while_it_holds",
                violation_error_message=_("This person has this role for this organisation already: change that line, or end it first."),
            ),
            models.CheckConstraint(
                name="mandate_role_known",
                condition=Q(role__in=MandateRole.values),
                violation_error_message=_("The role is one of mayor, lead delegate, contact, political delegate, technical delegate, alternate."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.person}, {self.organisation}"
