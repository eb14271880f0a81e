"""What the project itself remembers, to look at."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from b40.models import LoadedRecord


@admin.register(LoadedRecord)
class LoadedRecordAdmin(admin.ModelAdmin[LoadedRecord]):
    """Which values a file brought. The loader alone writes here."""

    list_display = ("kind", "key", "object_id")
    search_fields = ("kind", "key")
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
