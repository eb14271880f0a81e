"""Addresses that once led somewhere lead there still: what would be "not found" is looked up and answered with 301."""

import logging
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from django.db import DatabaseError, models
from django.db.models.signals import post_save
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.cache import patch_cache_control

from b40.models import OldAddress
from meetings.models import Meeting, NewsItem
from members.models import Action, Change, Organisation, Presidency

logger = logging.getLogger(__name__)

LONGEST = 600
# What WordPress names a post by in the query.
POSTS = ("p", "page_id")
_NUMBER = re.compile(r"[0-9]{1,12}")
_TERM = re.compile(r"/presidencies/(?P<slug>[-a-zA-Z0-9_]+)-(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})/?")
# Whose addresses are kept when they change, and under which relation.
_KEPT: dict[str, tuple[type[models.Model], str]] = {
    Meeting._meta.label_lower: (Meeting, "meeting"),
    NewsItem._meta.label_lower: (NewsItem, "news_item"),
    Organisation._meta.label_lower: (Organisation, "organisation"),
}
_IN_ADDRESS = frozenset({"slug", "kind"})


# --- Answering -------------------------------------------------------------------------------------------------------


class OldAddressMiddleware:
    """Answers 301 where there is nothing and an old address leads on; on the front page, where its query names a post.

    Costs one query where there is nothing, none elsewhere. What the visitor may not see stays "not found".
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        names_post = request.path == reverse("home") and _post_of(request) is not None
        moved = _moved(request) if names_post else None
        if moved:
            return moved
        response = self.get_response(request)
        may_have_moved = response.status_code == 404 and not names_post
        return (_moved(request) if may_have_moved else None) or response


def _moved(request: HttpRequest) -> HttpResponse | None:
    try:
        target = target_of(request)
    except DatabaseError:  # what is not there is "not found" even while the database is not there either
        logger.exception("Old addresses cannot be looked up")
        return None
    if target is None or target == request.get_full_path():
        return None
    response = HttpResponsePermanentRedirect(target)
    patch_cache_control(response, no_cache=True)  # the page may move again
    return response


def target_of(request: HttpRequest) -> str | None:
    """Give the address to which what was asked for has moved, None when nothing is known or the visitor may not see it."""
    asked = [path for path in dict.fromkeys(_asked(request)) if len(path) <= LONGEST and "\0" not in path]
    found = OldAddress.objects.in_bulk(asked, field_name="path") if asked else {}
    first = next((found[path] for path in asked if path in found), None)
    if first is None:
        return None
    term = _TERM.fullmatch(request.path)
    return _term_of(first, term["day"]) if term and first.organisation_id else first.target_for(request.user)


def _asked(request: HttpRequest) -> Iterator[str]:
    """Give what was asked for as it may have been kept: with and without the last slash, with letters of any script."""
    post, term = _post_of(request), _TERM.fullmatch(request.path)
    for path in (request.path, f"{request.path.rstrip('/')}/", request.path.rstrip("/")):
        for written in (path, quote(path), quote(path).lower()):
            if post:
                yield f"{written}?{post}"
            elif written:
                yield written
    if term:  # a term's address bears its city's
        yield reverse("members:city_detail", args=[term["slug"]])


def _post_of(request: HttpRequest) -> str | None:
    """Give the part of the query that names a post, as in "p=12"."""
    return next((f"{name}={request.GET[name]}" for name in POSTS if _NUMBER.fullmatch(request.GET.get(name, ""))), None)


def _term_of(address: OldAddress, day: str) -> str | None:
    terms = Presidency.objects.select_related("city").filter(city=address.organisation_id)
    return next((term.get_absolute_url() for term in terms if term.started_on.isoformat() == day), None)


# --- Keeping ---------------------------------------------------------------------------------------------------------


def keep_from_now_on() -> None:
    """Keep the address of every page of a meeting, a piece of news or an organisation that gets another one."""
    post_save.connect(_keep, sender=Change, dispatch_uid="old-addresses")


def _keep(sender: type[Change], instance: Change, created: bool, raw: bool, **kwargs: Any) -> None:
    changed = {name: values[0] for name, values in instance.fields.items() if name in _IN_ADDRESS}
    if raw or not created or instance.action != Action.CHANGED or instance.model not in _KEPT or not changed:
        return
    model, relation = _KEPT[instance.model]
    record: Any = model._base_manager.get(pk=instance.key)
    address = record.get_absolute_url()
    for name, value in changed.items():
        setattr(record, name, value)
    former = record.get_absolute_url()
    if former == address:
        return
    OldAddress.objects.filter(path=address).delete()  # there is a page again
    leads_to = dict.fromkeys((name for _model, name in _KEPT.values()), None) | {relation: record}
    OldAddress.objects.update_or_create(path=former, defaults=leads_to)
