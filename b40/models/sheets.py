"""Tables that were imported, so that each can be taken back."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SheetImport(models.Model):
    """One imported table. What it wrote stands in the history, under its batch."""

    batch = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    table = models.CharField(_("table"), max_length=20)
    file_name = models.CharField(_("file"), max_length=200)
    added = models.PositiveIntegerField(_("added"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    imported_at = models.DateTimeField(_("imported"), auto_now_add=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, verbose_name=_("imported by"), related_name="+"
    )
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        verbose_name = _("imported table")
        verbose_name_plural = _("imported tables")
        default_permissions = ()

    def __str__(self) -> str:
        return self.file_name
