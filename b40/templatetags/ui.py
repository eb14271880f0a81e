"""What page templates need and Django does not bring.

Icons, the active link, addresses of a filtered list, shares of a bar, times with their zone.
"""

import datetime as dt
import zoneinfo
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.core.paginator import Page
from django.http import HttpRequest, QueryDict
from django.template import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


def _request(context: Context) -> HttpRequest | None:
    """The request, also inside an ``include … only``, which drops the variable but keeps the context's attribute."""
    request: HttpRequest | None = getattr(context, "request", None) or context.get("request")
    return request


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon of ``static/img/icons.svg``. It is decoration: the words stand beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true" width="20" height="20"><use href="{}#{}"/></svg>',
        static("img/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def visitor(context: Context) -> object:
    """Give who asks for the page, or None where nobody is known: on the page of an error, say."""
    return getattr(_request(context), "user", None)


@register.simple_tag(takes_context=True)
def viewing_as(context: Context) -> object:
    """Give with whose eyes staff looks at the page (`b40.accounts.viewing.Viewed`); None for one's own."""
    return getattr(_request(context), "viewing_as", None)


@register.simple_tag(takes_context=True)
def active_link(context: Context, view_name: str) -> SafeString:
    """Give ``href`` of a page and, when the visitor is on it or below it, ``aria-current``: "page" or "true"."""
    address = reverse(view_name)
    request = _request(context)
    path = request.path if request else ""
    if path == address:
        return format_html('href="{}" aria-current="page"', address)
    if address != "/" and path.startswith(address):
        return format_html('href="{}" aria-current="true"', address)
    return format_html('href="{}"', address)


@register.simple_tag(takes_context=True)
def with_page(context: Context, number: int) -> str:
    """Give the query of the same list on another page; the first page bears no number."""
    query = _query(context)
    query.pop("page", None)
    if number > 1:
        query["page"] = str(number)
    return _address(query)


@register.simple_tag(takes_context=True)
def without(context: Context, name: str, value: object = None) -> str:
    """Give the query without one filter, or without one value of it, back on the first page."""
    query = _query(context)
    kept = [] if value is None else [other for other in query.getlist(name) if other != str(value)]
    query.setlist(name, kept)
    query.pop("page", None)
    return _address(query)


def _query(context: Context) -> QueryDict:
    request = _request(context)
    return request.GET.copy() if request else QueryDict(mutable=True)


def _address(query: QueryDict) -> str:
    """A link to the page itself must not be empty: that would keep the old query."""
    filled = [(name, value) for name, values in query.lists() for value in values if value]
    kept = QueryDict(mutable=True)
    for name, value in filled:
        kept.appendlist(name, value)
    return f"?{kept.urlencode()}" if kept else "?"


@register.simple_tag
def page_numbers(page: Page[Any]) -> list[int | None]:
    """Give the numbers to offer around a page, None for a gap."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else None for number in numbers]


@register.filter
def with_shares(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Give each row of a bar plot, a mapping or an object with ``value``, beside its share of the greatest value."""
    listed = list(rows)
    greatest = max((_value(row) for row in listed), default=0) or 1
    return [{"row": row, "share": f"{100 * _value(row) / greatest:.1f}%"} for row in listed]


def _value(row: Any) -> float:
    return float(row["value"] if isinstance(row, Mapping) else row.value)


@register.filter
def host(address: str) -> str:
    """Give the site's name of an address, without "www."."""
    return (urlsplit(str(address)).hostname or str(address)).removeprefix("www.")


@register.filter
def in_zone(moment: dt.datetime, zone: str) -> dt.datetime:
    """Give an aware moment on the clocks of an IANA zone; the template shows it as it is, not in the server's zone."""
    local = timezone.localtime(moment, zoneinfo.ZoneInfo(zone))
    return local.replace(tzinfo=None)


@register.filter
def zone_label(moment: dt.datetime, zone: str) -> str:
    """Name the zone of a time for readers: "Istanbul time, UTC+3". The offset is the one of that day."""
    offset = moment.astimezone(zoneinfo.ZoneInfo(zone)).utcoffset() or dt.timedelta()
    hours, minutes = divmod(abs(int(offset.total_seconds())) // 60, 60)
    sign = "−" if offset < dt.timedelta() else "+"
    written = f"UTC{sign}{hours}" + (f":{minutes:02d}" if minutes else "")
    place = zone.rpartition("/")[2].replace("_", " ")
    return _("%(place)s time, %(offset)s") % {"place": place, "offset": written}
