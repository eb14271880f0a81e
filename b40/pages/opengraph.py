"""The picture that other sites show beside a link: one a record, drawn from its data."""

import datetime as dt
import hashlib
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.formats import date_format
from django.utils.http import quote_etag
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from b40.pages.cards import VERSION, Card, draw
from meetings.models import Meeting, NewsItem
from members.models import Organisation, Presidency
from workinggroups.models import Topic, WorkingGroup

_PUBLIC = AnonymousUser()
_AN_HOUR = 3_600
_A_DAY = 86_400


@login_not_required
@require_safe
def og_image(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """Answer with a PNG of 1200 × 630.

    Shows what the public may see, whoever asks, so that any cache may keep it; a draft, an unknown record or an
    unknown kind is 404. The entity tag is made of what is written on the card: an unchanged card is not drawn again.
    """
    make_card = CARDS.get(kind)
    if make_card is None:
        raise Http404(f"no picture is drawn of a {kind}")
    card = make_card(slug)
    digest = hashlib.sha256(f"{VERSION}{card!r}".encode()).hexdigest()[:32]
    etag = quote_etag(digest)
    response = get_conditional_response(request, etag=etag) or HttpResponse(
        _drawn(digest, card), content_type="image/png"
    )
    response["ETag"] = etag
    patch_cache_control(response, public=True, max_age=_AN_HOUR)
    return response


def _drawn(digest: str, card: Card) -> bytes:
    """Draw a card, or take it from the cache, which keeps a bounded number of them."""
    picture: bytes | None = caches["answers"].get(f"og:{digest}")
    if picture is None:
        picture = draw(card)
        caches["answers"].set(f"og:{digest}", picture, _A_DAY)
    return picture


def _site_card(slug: str) -> Card:
    if slug != "b40":
        raise Http404("the site has one picture")
    return Card(
        eyebrow=_("The public record"),
        title=_("Better Cooperation, Better Future"),
        facts=(_("Member cities · presidencies · meetings · topics"),),
    )


def _meeting_card(slug: str) -> Card:
    visible = Meeting.objects.visible_to(_PUBLIC).with_counts().select_related("host_city")
    meeting = get_object_or_404(visible.prefetch_related("host_city__names"), slug=slug)
    cities: int = getattr(meeting, "city_count", 0)
    own = meeting.host_city.own_name if meeting.host_city else None
    place = meeting.host_city.name if meeting.host_city else meeting.place or str(meeting.get_mode_display())
    where = f"{place} {own.text}" if own else capfirst(place)
    status = "" if meeting.took_place else f" · {meeting.get_status_display()}"
    return Card(
        eyebrow=f"{capfirst(str(meeting.get_kind_display()))}{status}",
        title=meeting.title,
        facts=(meeting.days, where),
        number=cities,
        number_label=ngettext("city came", "cities came", cities),
    )


def _news_card(slug: str) -> Card:
    item = get_object_or_404(NewsItem.objects.visible_to(_PUBLIC).prefetch_related("organisations"), slug=slug)
    spoken_of = ", ".join(organisation.name for organisation in item.organisations.all())
    day = date_format(item.published_on, "j F Y") if item.published_on else ""
    return Card(
        eyebrow=capfirst(str(item.get_kind_display())),
        title=item.title,
        facts=tuple(fact for fact in (day, spoken_of) if fact),
    )


def _organisation_card(organisations: QuerySet[Organisation], slug: str) -> Card:
    found: Organisation = get_object_or_404(
        organisations.select_related("country").prefetch_related("names"), slug=slug
    )
    own = found.own_name
    country = found.country.name if found.country else ""
    return Card(
        eyebrow=capfirst(str(found.get_kind_display())),
        title=found.name,
        native=own.text if own else "",
        facts=tuple(fact for fact in (country,) if fact),
    )


def _city_card(slug: str) -> Card:
    return _organisation_card(Organisation.objects.visible_to(_PUBLIC).cities(), slug)


def _observer_card(slug: str) -> Card:
    return _organisation_card(Organisation.objects.visible_to(_PUBLIC).exclude(kind="city"), slug)


def _presidency_card(slug: str) -> Card:
    """The slug is the city's and the day of the handover, as `Presidency.slug` writes it."""
    city, day = slug[:-11], slug[-10:]
    try:
        started_on = dt.date.fromisoformat(day)
    except ValueError as error:
        raise Http404("no day of a handover") from error
    terms = (
        Presidency.objects.visible_to(_PUBLIC)
        .select_related("city")
        .prefetch_related("city__names", "office_changes__person")
    )
    term = get_object_or_404(terms, city__slug=city, started_on=started_on)
    own = term.city.own_name
    presidents = dict.fromkeys(str(change.person) for change in term.office_changes.all() if change.person)
    since = _("since %(day)s") % {"day": date_format(term.started_on, "j F Y")}
    return Card(
        eyebrow=_("Presidency"),
        title=term.city.name,
        native=own.text if own else "",
        facts=(", ".join(presidents), since) if presidents else (since,),
    )


def _group_card(slug: str) -> Card:
    group = get_object_or_404(WorkingGroup.objects.visible_to(_PUBLIC), slug=slug)
    return Card(eyebrow=_("Working group"), title=group.name)


def _topic_card(slug: str) -> Card:
    topic = get_object_or_404(Topic.objects.visible_to(_PUBLIC).select_related("group"), slug=slug)
    return Card(
        eyebrow=_("Topic"), title=topic.title, facts=(topic.group.name if topic.group else _("The whole network"),)
    )


CARDS: dict[str, Callable[[str], Card]] = {
    "site": _site_card,
    "meeting": _meeting_card,
    "news": _news_card,
    "city": _city_card,
    "observer": _observer_card,
    "presidency": _presidency_card,
    "group": _group_card,
    "topic": _topic_card,
}
