"""Mail addresses that no longer take mail."""

from typing import Any

from django.contrib import admin

from members.admin.base import RecordAdmin
from members.models import DeadAddress


@admin.register(DeadAddress)
class DeadAddressAdmin(RecordAdmin[DeadAddress]):
    list_display = ("address", "since", "reason")
    search_fields = ("address",)
    fields = ("address", "since", "reason")

    def found(self, rows: Any, text: str) -> Any:
        return rows.filter(address__icontains=text.strip())
