"""Who sits in a group for an organisation."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from members.models import Mandate
from workinggroups.models.groups import WorkingGroup


class GroupSeat(models.Model):
    """A mandate is for this group. One that names no group is for all in which its organisation takes part.

    Its days are those of the mandate.
    """

    mandate = models.ForeignKey(
        Mandate, on_delete=models.CASCADE, verbose_name=_("contact or delegate"), related_name="group_seats"
    )
    group = models.ForeignKey(
        WorkingGroup, on_delete=models.PROTECT, verbose_name=_("working group"), related_name="seats"
    )

    class Meta:
        ordering: ClassVar = ["group__order", "pk"]
        verbose_name = _("seat in a working group")
        verbose_name_plural = _("seats in working groups")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mandate", "group"],
                name="group_seat_once_a_mandate",
                violation_error_message=_("This mandate is for this group already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.mandate}"
