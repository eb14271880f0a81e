"""The network and its site as schema.org says them, for search engines."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _


def network(request: HttpRequest) -> dict[str, Any]:
    """Describe the network: schema.org Organization."""
    home = request.build_absolute_uri(reverse("home"))
    return {
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": f"{home}#network",
        "name": _("B40 Balkan Cities Network"),
        "alternateName": "B40",
        "url": home,
        "logo": request.build_absolute_uri(static("img/icon-512.png")),
        "slogan": _("Better Cooperation, Better Future"),
        "foundingDate": "2021-11-30",
        "foundingLocation": {"@type": "City", "name": "Istanbul"},
    }


def website(request: HttpRequest) -> dict[str, Any]:
    """Describe the site and its search: schema.org WebSite."""
    home = request.build_absolute_uri(reverse("home"))
    search = request.build_absolute_uri(reverse("search"))
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "url": home,
        "name": _("B40 Balkan Cities Network"),
        "publisher": {"@id": f"{home}#network"},
        "potentialAction": {
            "@type": "SearchAction",
            "target": f"{search}?q={{search_term_string}}",
            "query-input": "required name=search_term_string",
        },
    }
