"""Organisations, with what concerns every app: merging two records of one, and what an organisation is to do."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from b40.admin.merging import MergeMixin
from meetings.models import ActionItem
from members.admin.organisations import OrganisationAdmin
from members.models import Organisation

admin.site.unregister(Organisation)

OPEN_ACTIONS = 50  # shown on an organisation's page; the list of actions has all


@admin.register(Organisation)
class MergeableOrganisationAdmin(MergeMixin, OrganisationAdmin):
    """The register's page of an organisation, from which two records can also become one."""

    actions = ["merge_selected"]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], add: bool = False, change: bool = False,
        form_url: str = "", obj: Organisation | None = None,
    ) -> HttpResponse:  # fmt: skip
        """Show below the form what the organisation has still to do, to those who may see it."""
        if obj and request.user.has_perm("meetings.view_actionitem"):
            own = ActionItem.objects.visible_to(request.user).of_organisation(obj).still_open()
            lines = own.select_related("meeting")[:OPEN_ACTIONS]
            today = timezone.localdate()
            context["own_actions"] = [(action, action.is_overdue(today)) for action in lines]
        return super().render_change_form(request, context, add, change, form_url, obj)
