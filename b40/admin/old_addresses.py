"""Addresses that must not die: where each leads."""

from typing import Any, ClassVar

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from b40.models import OldAddress
from members.admin.base import RecordAdmin


@admin.register(OldAddress)
class OldAddressAdmin(RecordAdmin[OldAddress]):
    """Old addresses. Those of pages that get another address are kept without anybody's doing."""

    fieldsets: ClassVar = [
        (None, {"fields": ["path"]}),
        (
            _("Leads to"),
            {
                "fields": ["meeting", "news_item", "organisation"],
                "description": _("One of the three. A draft is not shown to visitors: they are told that there is no such page."),
            },
        ),
    ]  # fmt: skip
    list_display = ("path", "leads_to")
    list_select_related: ClassVar = ("meeting", "news_item", "organisation")
    search_fields = ("path",)
    search_help_text = _("A part of the old address.")

    @admin.display(description=_("leads to"))
    def leads_to(self, address: OldAddress) -> str:
        return str(address.meeting or address.news_item or address.organisation)

    def found(self, rows: Any, text: str) -> Any:
        for word in text.split():
            rows = rows.filter(path__icontains=word)
        return rows

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """The old address itself, so that it can be tried."""
        return str(obj.path) if obj is not None else None
