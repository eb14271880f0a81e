"""Who got circulated minutes to read: an organisation, by personal links of its people."""

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from meetings.models.links import PersonalLink, PersonalLinkQuerySet, link_constraints
from meetings.models.minutes import Minutes
from members.models import Organisation

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


class MinutesCopyQuerySet(models.QuerySet["MinutesCopy"]):
    def visible_to(self, user: "User | AnonymousUser") -> "MinutesCopyQuerySet":
        """Staff alone."""
        return self if user.is_staff else self.none()


class MinutesCopy(models.Model):
    """An organisation gets the minutes of a meeting, to read and to ask for corrections."""

    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, verbose_name=_("minutes"), related_name="copies")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, verbose_name=_("organisation"), related_name="minutes_copies"
    )

    objects = MinutesCopyQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["minutes", "organisation__key", "pk"]
        verbose_name = _("copy of minutes")
        verbose_name_plural = _("copies of minutes")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["minutes", "organisation"],
                name="minutes_copy_once_an_organisation",
                violation_error_message=_("This organisation has the minutes already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.minutes}"


class MinutesReader(PersonalLink):
    """Somebody who got the minutes for an organisation."""

    copy = models.ForeignKey(
        MinutesCopy, on_delete=models.CASCADE, verbose_name=_("copy of minutes"), related_name="readers"
    )

    objects = PersonalLinkQuerySet["MinutesReader"].as_manager()

    class Meta:
        ordering: ClassVar = ["name", "address", "pk"]
        verbose_name = _("reader of minutes")
        verbose_name_plural = _("readers of minutes")
        constraints: ClassVar = link_constraints("minutes_reader", "copy")
