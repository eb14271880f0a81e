"""The frozen records of closed meetings, as a page and as files."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from meetings.closing.telling import opening
from meetings.closing.writing import XLSX, attendance_shown, csv_of, pdf_of, xlsx_of
from meetings.models import Meeting, Snapshot

FILES: dict[str, tuple[str, Callable[[Snapshot], bytes]]] = {
    "pdf": ("application/pdf", pdf_of),
    "xlsx": (XLSX, xlsx_of),
    "csv": ("text/csv; charset=utf-8", csv_of),
}


@login_not_required
@require_safe
def record(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show one version of a meeting's frozen record."""
    snapshot = _snapshot(request, slug, number)
    context = {
        "meeting": snapshot.meeting,
        "snapshot": snapshot,
        "record": snapshot.record,
        "lead": opening(snapshot.record),
        **attendance_shown(snapshot.record),
        "versions": list(Snapshot.objects.visible_to(request.user).filter(meeting=snapshot.meeting).defer("record")),
    }
    return TemplateResponse(request, "meetings/record.html", context)


@login_not_required
@require_safe
def record_file(request: HttpRequest, slug: str, number: int, ending: str) -> HttpResponse:
    """Answer with one version of a meeting's frozen record as a file. It never changes, so that it may be kept."""
    snapshot = _snapshot(request, slug, number)
    kind, write = FILES[ending]
    response = HttpResponse(write(snapshot), content_type=kind)
    response["Content-Disposition"] = f'inline; filename="{slug}-{number}.{ending}"'
    patch_cache_control(response, private=True, max_age=3600)
    return response


def _snapshot(request: HttpRequest, slug: str, number: int) -> Snapshot:
    visible = Meeting.objects.visible_to(request.user)
    meeting = get_object_or_404(visible, slug=slug)
    rows = Snapshot.objects.visible_to(request.user).select_related("meeting")
    return get_object_or_404(rows, meeting=meeting, number=number)
