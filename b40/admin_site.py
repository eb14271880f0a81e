"""The secretariat's admin: its titles, and its models in the order of the work."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from members.admin_options import OptionView

if TYPE_CHECKING:
    from members.models import User

JOBS = [
    (
        "meetings",
        _("Meetings"),
        [
            "Meeting", "Session", "AgendaItem", "JoiningInstructions", "Attendance", "Delegate", "CheckIn", "ParticipantReport", "RememberedMatch",
            "Guest", "Decision", "ActionItem", "ActionReport", "ActionReminder", "Minutes", "Correction", "NoteRevision", "StatedTotal", "MeetingTemplate",
            "TemplateSession", "MeetingStep", "Snapshot",
        ],
    ),
    ("invitations", _("Invitations and date polls"), ["Invitation", "AnnouncedDelegate", "DatePoll", "Ballot"]),
    ("mail", _("Mail"), ["Mailing", "Letter", "DeadAddress", "Subscription", "Digest", "DigestEntry"]),
    (
        "register",
        _("Register"),
        [
            "Organisation", "ProposedChange", "MembershipChange", "OrganisationName", "Presidency", "OfficeChange", "Person", "Mandate",
            "BoardSeatChange", "StatedMemberCount", "Country",
        ],
    ),
    (
        "working-groups",
        _("Working groups"),
        ["WorkingGroup", "Topic", "TopicProposal", "TopicSupport", "ParticipationChange", "GroupSeat", "FormerName"],
    ),
    (
        "content",
        _("Content"),
        ["NewsItem", "ImportedPost", "Document", "DocumentVersion", "Photo", "Source", "OldAddress", "LoadedRecord"],
    ),
    ("privacy", _("Privacy"), ["ErasureRequest", "Consent", "CalendarLink"]),
    ("accounts", _("Accounts"), ["User", "AccountInvitation", "Viewing", "Group"]),
]  # fmt: skip


class SecretariatSite(admin.AdminSite):
    """Where the Permanent Secretariat keeps the record."""

    site_header = _("B40 Balkan Cities Network")
    site_title = _("B40 secretariat")
    index_title = _("The network's record")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Group the models by job, in the order of the work; what no job names comes last, under its app."""
        apps = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        models = {model["object_name"]: model for app in apps for model in app["models"]}
        jobs = [_job(key, name, [models.pop(each) for each in names if each in models]) for key, name, names in JOBS]
        rest = [{**app, "models": [model for model in app["models"] if model["object_name"] in models]} for app in apps]
        return [group for group in [*jobs, *rest] if group["models"]]

    def get_urls(self) -> list[Any]:
        """Add the pages on which tables come in and go out."""
        from b40.admin.sheets import urls  # models must be loaded first

        return [*urls(self), *super().get_urls()]

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send to the site's own sign-in, which asks for the second factor too; an account that is no staff's is refused.

        Raises PermissionDenied for whoever is signed in already: another password would not help them.
        """
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", reverse("admin:index")))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Open with the work that there is to do."""
        from b40.latest_changes import latest_batches  # models must be loaded first: the site is made before them
        from b40.worklist import worklists

        user = cast("User", request.user)
        work = {"worklists": worklists(user, timezone.localdate()), "batches": latest_batches(user)}
        return super().index(request, {**work, **(extra_context or {})})

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        return cast(HttpResponse, OptionView.as_view(admin_site=self)(request))


def _job(key: str, name: Any, models: list[Any]) -> dict[str, Any]:
    address = f"{reverse('admin:index')}#job-{key}"
    return {"name": name, "app_label": key, "app_url": address, "has_module_perms": True, "models": models}
