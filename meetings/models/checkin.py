"""Those who checked themselves in and whom nobody knows yet: a person at the desk says whether it is so."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.models.sessions import Session
from members.models import Organisation

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


class CheckInQuerySet(models.QuerySet["CheckIn"]):
    def visible_to(self, user: "User | AnonymousUser") -> "CheckInQuerySet":
        """Staff alone: names and addresses are private."""
        return self if user.is_staff else self.none()

    def waiting(self) -> "CheckInQuerySet":
        """Keep those about which nobody has decided."""
        return self.filter(confirmed_at__isnull=True, refused_at__isnull=True)


class CheckIn(models.Model):
    """Somebody says, by the code in the room, to be there for an organisation, from an address that is no contact's.

    It counts nowhere until a person confirms it; then the ledger has its row, and this one says who confirmed it. Private.
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, verbose_name=_("session"), related_name="check_ins")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, verbose_name=_("organisation"), related_name="check_ins"
    )
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("mail address"))
    checked_in_at = models.DateTimeField(_("checked in"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("confirmed by")
    )  # fmt: skip
    refused_at = models.DateTimeField(_("refused"), null=True, blank=True)
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("refused by")
    )  # fmt: skip

    objects = CheckInQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["checked_in_at", "pk"]
        verbose_name = _("check-in to confirm")
        verbose_name_plural = _("check-ins to confirm")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["session", "organisation", "email", "name"],
                name="check_in_once_a_person",
                violation_error_message=_("This person has checked in already."),
            ),
            models.CheckConstraint(
                name="check_in_confirmed_by_somebody",
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                violation_error_message=_("Say who confirmed it together with when."),
            ),
            models.CheckConstraint(
                name="check_in_refused_by_somebody",
                condition=Q(refused_at__isnull=True, refused_by__isnull=True)
                | Q(refused_at__isnull=False, refused_by__isnull=False),
                violation_error_message=_("Say who refused it together with when."),
            ),
            models.CheckConstraint(
                name="check_in_decided_one_way",
                condition=Q(confirmed_at__isnull=True) | Q(refused_at__isnull=True),
                violation_error_message=_("A check-in is either confirmed or refused."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.organisation}"
