"""The page behind the link in a letter with minutes: to read them, and to ask for corrections."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from meetings.inviting.guard import guarded, unknown_link
from meetings.inviting.letters import secretariat
from meetings.inviting.links import key_in
from meetings.minutes.handing_out import CorrectionsClosed, correct_by_link
from meetings.models import AgendaItem, Correction, Minutes, MinutesReader
from meetings.texts import note_blocks


class OwnCorrectionForm(forms.Form):
    """What an organisation asks to be put differently, and at which item."""

    item = forms.ModelChoiceField(
        AgendaItem.objects.none(), required=False, label=_("About"), empty_label=_("the minutes as a whole")
    )
    text = forms.CharField(
        max_length=10_000,
        label=_("What should be put differently"),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write what should be put differently.")},
    )

    def __init__(self, minutes: Minutes, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = {item["key"]: item["title"] for part in minutes.handed_out for item in part["items"] if item["key"]}
        field: Any = self.fields["item"]
        field.queryset = AgendaItem.objects.filter(session__meeting=minutes.meeting_id, pk__in=titles)
        field.label_from_instance = lambda item: titles[item.pk]


# As for the page behind an invitation: whoever may send holds the address, and there is no cookie to protect.
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def minutes_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show circulated minutes to whoever holds a link, and take a correction; looking changes nothing."""
    reader = _reader(token)
    if reader is None:
        return unknown_link(request)
    return guarded(_send(request, reader, token) if request.method == "POST" else _page(request, reader))


def _reader(token: str) -> MinutesReader | None:
    key = key_in(MinutesReader, token)
    if key is None:
        return None
    found = MinutesReader.objects.standing().filter(key=key, copy__minutes__circulated_at__isnull=False)
    return found.select_related("copy__minutes__meeting__host_city", "copy__organisation").first()


def _send(request: HttpRequest, reader: MinutesReader, token: str) -> HttpResponse:
    form = OwnCorrectionForm(reader.copy.minutes, request.POST)
    if not form.is_valid():
        return _page(request, reader, form, status=422)
    try:
        correct_by_link(reader, form.cleaned_data["text"], form.cleaned_data["item"])
    except CorrectionsClosed:
        return _page(request, reader, status=403, refused=form.cleaned_data["text"])
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, reader, form, status=422)
    return HttpResponseRedirect(f"{reverse('meetings:minutes', args=[token])}?noted#corrections")


def _page(
    request: HttpRequest, reader: MinutesReader, form: OwnCorrectionForm | None = None, *, status: int = 200,
    refused: str = "",
) -> HttpResponse:  # fmt: skip
    copy = reader.copy
    own = Correction.objects.filter(minutes=copy.minutes, organisation=copy.organisation).select_related("item")
    context = {
        "reader": reader,
        "organisation": copy.organisation,
        "minutes": copy.minutes,
        "meeting": copy.minutes.meeting,
        "parts": _parts(copy.minutes),
        "corrections": own.prefetch_related("item__topics"),
        "form": form or OwnCorrectionForm(copy.minutes),
        "is_open": copy.minutes.takes_corrections and not refused,
        "refused": refused,
        "is_noted": "noted" in request.GET,
        "secretariat": secretariat(),
    }
    return TemplateResponse(request, "meetings/minutes_to_read.html", context, status=status)


def _parts(minutes: Minutes) -> list[dict[str, Any]]:
    """Give what was handed out, with notes in paragraphs and days as days."""
    return [{"title": part["title"], "items": [_item(item) for item in part["items"]]} for part in minutes.handed_out]


def _item(item: dict[str, Any]) -> dict[str, Any]:
    actions = [
        {**action, "due_on": dt.date.fromisoformat(action["due_on"]) if action["due_on"] else None}
        for action in item["actions"]
    ]
    return {**item, "blocks": note_blocks(item["text"]), "actions": actions}
