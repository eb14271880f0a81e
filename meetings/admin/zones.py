"""Times are written and read in the meeting's own zone, not in the server's."""

import zoneinfo
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from meetings.models import Meeting


class MeetingZoneMixin:
    """A form page on which every time stands in the zone of the meeting that it speaks of."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        with timezone.override(self._zone(request, object_id)):
            response: HttpResponse = super().changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]
            # Drawn here, since a response drawn later would fall back to the server's zone.
            return response.render() if isinstance(response, TemplateResponse) else response

    def meetings_of(self, object_id: str) -> Any:
        """Select the meeting that a page's record belongs to."""
        raise NotImplementedError

    def _zone(self, request: HttpRequest, object_id: str | None) -> zoneinfo.ZoneInfo:
        if request.POST.get("timezone") in zoneinfo.available_timezones():
            return zoneinfo.ZoneInfo(request.POST["timezone"])
        meetings = self.meetings_of(object_id) if object_id else self._named_meeting(request)
        name = meetings.values_list("timezone", flat=True).first() if meetings is not None else None
        return zoneinfo.ZoneInfo(name or timezone.get_default_timezone_name())

    def _named_meeting(self, request: HttpRequest) -> Any:
        key = request.POST.get("meeting") or request.GET.get("meeting") or ""
        return Meeting.objects.filter(pk=key) if key.isascii() and key.isdigit() else None
