"""What the network is, by which rules it works, its numbers over time, and where this record comes from."""

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from b40.pages.home import Visitor, presiding
from b40.pages.rules import CHAPTERS
from b40.structured import network
from meetings.models import Document
from members.counting import count_member_cities
from members.models import Country, Source, StatedMemberCount
from members.offices import board_on, secretary_on

# Nothing on the page grows with the record beyond these.
STATED_COUNTS = 24
DOCUMENTS = 24


@login_not_required
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Show what the network is and how the record was made."""
    today = timezone.localdate()
    board = [seat.change for seat in board_on(today)]
    secretary = secretary_on(today)
    context = {
        "chapters": CHAPTERS,
        "presiding": presiding(request.user, today),
        "board": board,
        "board_sources": list(dict.fromkeys(source for seat in board for source in seat.sources.all())),
        "secretary": secretary.change if secretary else None,
        "counts": numbers_over_time(today),
        "documents": network_documents(request.user),
        "footnotes": Country.objects.exclude(footnote=""),
        "source_count": Source.objects.count(),
        "structured": [network(request)],
    }
    return TemplateResponse(request, "b40/about.html", context)


def numbers_over_time(today: dt.date) -> list[dict[str, Any]]:
    """Give what sources stated, oldest first, beside what the record counts on the same days, both with their

    share of the greatest number.
    """
    newest = StatedMemberCount.objects.filter(on__lte=today).order_by("-on", "-members").prefetch_related("sources")
    stated = list(newest[:STATED_COUNTS])[::-1]
    counted = count_member_cities([fact.on for fact in stated])
    greatest = max([1, *(fact.members for fact in stated), *counted.values()])
    return [
        {
            "fact": fact,
            "counted": counted[fact.on],
            "stated_share": f"{100 * fact.members / greatest:.1f}%",
            "counted_share": f"{100 * counted[fact.on] / greatest:.1f}%",
        }
        for fact in stated
    ]


def network_documents(user: Visitor) -> list[Document]:
    """Give the papers of the network as a whole, the newest first."""
    documents = Document.objects.visible_to(user).filter(meeting__isnull=True).prefetch_related("versions")
    return list(documents.order_by(F("dated").desc(nulls_last=True), "title")[:DOCUMENTS])
