"""The history of every record: who changed what, when, from what to what."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Action(models.TextChoices):
    CREATED = "created", _("added")
    CHANGED = "changed", _("changed")
    DELETED = "deleted", _("deleted")


def place_of(model: type[models.Model], key: Any) -> str:
    """Name a record among all of every kind, as in "meetings.meeting:12"."""
    return f"{model._meta.label_lower}:{key}"


class ChangeQuerySet(models.QuerySet["Change"]):
    def of_record(self, place: str) -> "ChangeQuerySet":
        """Keep the changes of one record itself."""
        return self.filter(record=place)

    def on_page(self, place: str) -> "ChangeQuerySet":
        """Keep the changes of a record and of its parts: what its form page shows."""
        return self.filter(Q(record=place) | Q(part_of=place) | Q(was_part_of=place))

    def within(self, place: str) -> "ChangeQuerySet":
        """Keep the changes of a record, of its parts, and of the parts of these: a meeting's, with its sessions' agenda."""
        parts = Change.objects.filter(Q(part_of=place) | Q(was_part_of=place)).order_by().values("record")
        whole = Q(record=place) | Q(part_of=place) | Q(was_part_of=place)
        return self.filter(whole | Q(part_of__in=parts) | Q(was_part_of__in=parts))

    def version(self) -> int:
        """The number of the last of these changes; 0 when there is none."""
        return self.order_by().aggregate(last=Max("pk"))["last"] or 0


class Change(models.Model):
    """One change of one record, written in the transaction that made it.

    `fields` holds, for each field that changed, its value before and after, as `members.history.values` stores them.
    A deletion holds all of them, so that the record can be brought back. What is written together (one request, one
    run of a command) shares a `batch`.
    """

    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    batch = models.UUIDField(default=uuid.uuid4, db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    actor = models.CharField(_("who"), max_length=150)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    action = models.CharField(max_length=8, choices=Action)
    model = models.CharField(max_length=60)
    record = models.CharField(max_length=120)
    part_of = models.CharField(max_length=120, blank=True, db_index=True)
    was_part_of = models.CharField(max_length=120, blank=True, db_index=True)
    label = models.CharField(max_length=300, blank=True)
    fields = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        default_permissions = ()
        indexes: ClassVar = [
            models.Index(fields=["record", "-id"], name="change_of_record"),
            models.Index(fields=["model", "action", "-id"], name="change_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.get_action_display()}"

    @property
    def key(self) -> str:
        """The record's primary key, as text."""
        return self.record.partition(":")[2]
