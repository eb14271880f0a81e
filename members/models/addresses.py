"""Mail addresses that no longer take mail."""

from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DeadAddress(models.Model):
    """A mail address at which a server said for good that nobody is there. Nothing is sent to it until the line is deleted."""

    address = models.EmailField(_("mail address"))
    since = models.DateTimeField(_("since"), default=timezone.now)
    reason = models.TextField(_("what the server said"), blank=True)

    class Meta:
        ordering: ClassVar = ["-since", "-pk"]
        verbose_name = _("dead mail address")
        verbose_name_plural = _("dead mail addresses")
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("address"), name="dead_address_once", violation_error_message=_("This address is marked already.")
            )
        ]

    def __str__(self) -> str:
        return self.address

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.address = self.address.strip().lower()
        super().save(*args, **kwargs)
