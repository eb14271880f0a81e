"""Which values a network record brought."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class LoadedRecord(models.Model):
    """One object that `load_network` made or met, with the values that the file last gave it.

    With these, the next load tells what the file changed from what staff changed, and knows an object again whose name
    or date was corrected. An object that is remembered and gone was deleted by staff, and stays so.
    """

    kind = models.CharField(_("kind"), max_length=60)
    key = models.CharField(_("key in the file"), max_length=900)
    object_id = models.CharField(_("object"), max_length=40)
    values = models.JSONField(_("values last loaded"), default=dict)

    class Meta:
        ordering: ClassVar = ["kind", "key"]
        verbose_name = _("loaded record")
        verbose_name_plural = _("loaded records")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                name="loaded_record_once_a_key",
                violation_error_message=_("This key is remembered already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
