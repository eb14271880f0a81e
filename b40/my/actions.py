"""Actions from the delegate's side: what one's organisations have to do, and how far they are."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from b40.my.forms import ReportForm, SettleReportForm
from b40.my.guard import for_delegates
from meetings.models import ActionItem, ActionReport
from meetings.permissions import may_confirm
from meetings.reporting import Reported, is_waiting, report, settle_report
from members.models import Organisation, User
from members.paging import paginate
from members.rights import organisations_of

PER_PAGE = 25


@for_delegates
@require_safe
def action_list(request: HttpRequest) -> HttpResponse:
    """Show what one's organisations have to do: overdue, open, and what is closed."""
    day = timezone.localdate()
    owning = ActionItem.owners.through.objects.filter(organisation__in=organisations_of(request.user)).order_by()
    actions = ActionItem.objects.visible_to(request.user).filter(pk__in=owning.values("actionitem"))
    waiting = ActionReport.objects.waiting().filter(action=OuterRef("pk"))
    shown = actions.annotate(is_reported=Exists(waiting)).select_related("meeting", "group").prefetch_related("owners")
    overdue = shown.overdue(day)
    context = {
        "overdue": overdue,
        "open": shown.still_open().exclude(pk__in=actions.overdue(day).order_by().values("pk")),
        "page": paginate(request, shown.filter(closed_on__isnull=False).order_by("-closed_on", "-pk"), PER_PAGE),
    }
    return TemplateResponse(request, "my/actions.html", context)


@for_delegates
@require_http_methods(["GET", "HEAD", "POST"])
def action_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an action with all reports on it; its owners report here."""
    user, action = cast(User, request.user), _action(request, pk)
    owners = organisations_of(user).filter(action_items=action.pk)
    if request.method != "POST":
        form = ReportForm(user, organisations=owners) if action.is_open and owners.exists() else None
        return _page(request, action, form)
    if not owners.exists():
        raise PermissionDenied
    form = ReportForm(user, request.POST, request.FILES, organisations=owners)
    if not form.is_valid() or not _report(user, action, form):
        return _page(request, action, form, status=422)
    messages.success(request, _("Thank you: your report is noted."))
    return redirect("my:action", pk=action.pk)


def _report(user: User, action: ActionItem, form: ReportForm) -> bool:
    """Note what was typed; False when it is refused, with the reasons in the form."""
    data = form.cleaned_data
    organisation: Organisation = data["organisation"]
    reported = Reported(data["says"], data["text"], data["evidence_url"], data["evidence"])
    try:
        report(action, organisation, reported, by=user)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    return True


@for_delegates
@require_POST
def report_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm that an action is done, or give the report back."""
    user = cast(User, request.user)
    found = get_object_or_404(ActionReport.objects.visible_to(user).select_related("action"), pk=pk)
    action = _action(request, found.action_id)
    if not may_confirm(user, action):
        raise PermissionDenied
    form = SettleReportForm(request.POST)
    if not form.is_valid():
        return _page(request, action, None, settling=form, status=422)
    try:
        settle_report(found, form.cleaned_data["outcome"], form.cleaned_data["answer"], by=user)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return _page(request, action, None, settling=form, status=409)
    messages.success(request, _("Your answer is noted."))
    return redirect("my:action", pk=action.pk)


def _page(
    request: HttpRequest, action: ActionItem, form: ReportForm | None, *, settling: Any = None, status: int = 200
) -> HttpResponse:
    user = cast(User, request.user)
    reports = ActionReport.objects.visible_to(user).filter(action=action)
    rows = list(reports.select_related("organisation"))
    waiting = next((each for each in rows[:1] if is_waiting(each)), None)
    asks = waiting is not None and may_confirm(user, action)
    context = {
        "action": action,
        "is_overdue": action.is_overdue(timezone.localdate()),
        "reports": rows,
        "waiting": waiting,
        "form": form,
        "settling": settling or (SettleReportForm() if asks else None),
    }
    return TemplateResponse(request, "my/action.html", context, status=status)


def _action(request: HttpRequest, pk: int) -> ActionItem:
    actions = ActionItem.objects.visible_to(request.user).select_related("meeting", "group", "item")
    return get_object_or_404(actions.prefetch_related("owners"), pk=pk)
