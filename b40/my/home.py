"""The first page of a delegate: for whom they speak, and when their groups meet next."""

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from b40.my.guard import for_delegates
from meetings.models import Meeting
from members.rights import mandates_of
from workinggroups.rights import groups_of

NEXT_MEETINGS = 5


@for_delegates
@require_safe
def home(request: HttpRequest) -> TemplateResponse:
    """Show for whom the visitor speaks, in which groups they sit, and the meetings to come."""
    meetings = Meeting.objects.visible_to(request.user).upcoming(timezone.localdate())
    context = {
        "mandates": mandates_of(request.user).select_related("organisation__country").order_by("organisation__key"),
        "groups": groups_of(request.user).order_by("order", "name"),
        "meetings": meetings.select_related("host_city").with_counts()[:NEXT_MEETINGS],
    }
    return TemplateResponse(request, "my/home.html", context)
