"""What other sites and search engines read in a page's head: its one address, and the picture drawn of it."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse

register = template.Library()


@register.inclusion_tag("components/meta.html", takes_context=True)
def social(
    context: Context, *, title: str, description: str, picture: str = "site", slug: str = "b40", kind: str = "website"
) -> dict[str, Any]:
    """Write canonical address and Open Graph of the page; stands in the block ``head_extra``.

    Takes title and description, and which picture of `b40.pages.opengraph` to show: its kind ("meeting", "news", "city",
    "observer", "presidency", "group", "topic";
    "site" by default) and slug. `kind` is the Open Graph type.
    """
    image = reverse("og_image", args=[picture, slug])
    return {
        "title": title,
        "description": description,
        "url": canonical_url(context),
        "image": absolute(context, image),
        "image_alt": title,
        "kind": kind,
    }


@register.simple_tag(takes_context=True)
def canonical_url(context: Context) -> str:
    """Give the page's absolute address without its query; a further page of a list keeps its number."""
    request = _request(context)
    if request is None:
        return ""
    page = request.GET.get("page", "")
    query = f"?page={page}" if page.isascii() and page.isdigit() and int(page) > 1 else ""
    return request.build_absolute_uri(request.path + query)


def absolute(context: Context, path: str) -> str:
    """Give the absolute address of a path on the site that the request asked."""
    request = _request(context)
    return request.build_absolute_uri(path) if request else path


def _request(context: Context) -> HttpRequest | None:
    request: HttpRequest | None = getattr(context, "request", None) or context.get("request")
    return request
