"""Cities and organisations as schema.org says them, for search engines."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from members.models import MembershipChange, Organisation, Status
from members.register import Period

BELONGING = {Status.MEMBER, Status.OBSERVER, Status.PARTNER}


def organisation(
    request: HttpRequest, described: Organisation, current: Period[MembershipChange] | None
) -> dict[str, Any]:
    """Describe a city (schema.org City) or another body (Organization); only what is on record is said.

    Takes the organisation with its names and country, and the line of the membership log that holds today. In
    schema.org's terms a city is a place and cannot be a member of anything, so only other bodies are said to belong to
    the network.
    """
    url = request.build_absolute_uri(described.get_absolute_url())
    said = {
        "@context": "https://schema.org",
        "@type": "City" if described.is_city else "Organization",
        "@id": f"{url}#{'city' if described.is_city else 'organisation'}",
        "name": described.name,
        "url": url,
        "alternateName": sorted({name.text for name in described.names.all()} - {described.name}),
        "description": described.description,
        "sameAs": described.website,
        "image": request.build_absolute_uri(described.photo.url) if described.photo else "",
    }
    extra = _place(described) if described.is_city else _body(request, current)
    return {key: value for key, value in {**said, **extra}.items() if value}


def _place(city: Organisation) -> dict[str, Any]:
    has_place = city.latitude is not None and city.longitude is not None
    point = {"@type": "GeoCoordinates", "latitude": str(city.latitude), "longitude": str(city.longitude)}
    country = {"@type": "Country", "name": city.country.name} if city.country else None
    return {"geo": point if has_place else None, "containedInPlace": country}


def _body(request: HttpRequest, current: Period[MembershipChange] | None) -> dict[str, Any]:
    if current is None or current.change.status not in BELONGING:
        return {}
    home = request.build_absolute_uri(reverse("home"))
    network = {"@type": "Organization", "@id": f"{home}#network"}
    return {"memberOf": {"@type": "OrganizationRole", "roleName": current.change.status, "memberOf": network}}
