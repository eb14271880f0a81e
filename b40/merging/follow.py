"""What knows a record by its key or its address, and knows the other one after a merge."""

import json
from typing import Any

from django.db import models

from b40.models import LoadedRecord, OldAddress
from members.models import Organisation


def remember_instead(goes: models.Model, stays: models.Model) -> None:
    """Let the loader find one record wherever it remembers another, so that a file brings nothing back."""
    for memory in LoadedRecord.objects.filter(kind=goes._meta.label, object_id=str(goes.pk)):
        memory.object_id = str(stays.pk)
        memory.save(update_fields=["object_id"])


def remember_slug(slug: str, organisation: Organisation) -> None:
    """Let a file that comes to name a slug for the first time find the organisation that took it over."""
    key = json.dumps((slug,), ensure_ascii=False)
    defaults: dict[str, Any] = {"object_id": str(organisation.pk)}
    LoadedRecord.objects.get_or_create(kind=Organisation._meta.label, key=key, defaults=defaults)


def keep_address(path: str, organisation: Organisation) -> None:
    """Let an address that is free now lead to an organisation."""
    leads_to: dict[str, Any] = {"organisation": organisation, "meeting": None, "news_item": None}
    OldAddress.objects.update_or_create(path=path, defaults=leads_to)
