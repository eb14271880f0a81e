"""Mail addresses that no longer take mail."""

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.admin.base import RecordAdmin
from members.models import DeadAddress


@admin.register(DeadAddress)
class DeadAddressAdmin(RecordAdmin[DeadAddress]):
    list_display = ("address", "since", "reason")
    search_fields = ("address",)
    fields = ("address", "since", "reason")

    def found(self, rows: Any, text: str) -> Any:
        return rows.filter(address__icontains=text.strip())


class DeadAddressMixin:
    """Contacts, with what is known of their mail address; the rows come from `with_dead_address`."""

    @admin.display(description=_("mail address"), ordering="email")
    def address(self, mandate: Any) -> str:
        """Show the address, and what keeps it from being written to."""
        return format_html("{} {}", mandate.email, self.mail_fails(mandate)) if mandate.email else "–"

    @admin.display(description=_("mail"))
    def mail_fails(self, mandate: Any) -> str:
        """Say since when mail to the address fails, with the way to use it again."""
        if not getattr(mandate, "dead_address", None):
            return ""
        day = date_format(localtime(mandate.dead_since), "j F Y")
        undo = reverse("admin:members_deadaddress_delete", args=[mandate.dead_address])
        said = gettext("Mail to this address failed on %(day)s.") % {"day": day}
        return format_html(
            '<span class="mail-fails">{} <a href="{}">{}</a></span>', said, undo, gettext("Use it again")
        )
