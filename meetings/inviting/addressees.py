"""Who gets a letter: one mail address one letter, whatever number of organisations its holder acts for."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from meetings.models import Invitee, PersonalLink
from members.models import DeadAddress, Mandate, Organisation


@dataclass(frozen=True)
class Way:
    """For which organisation somebody answers, and where."""

    organisation: Organisation
    url: str


@dataclass
class Addressee:
    """A person to be: address, name, and a way to answer for each organisation they act for."""

    address: str
    name: str
    mandate: Mandate | None
    ways: list[Way] = field(default_factory=list)
    links: list[Any] = field(default_factory=list)
    answer_by: dt.date | None = None
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def organisation(self) -> Organisation:
        return self.ways[0].organisation


def usable(mandates: Iterable[Mandate]) -> list[Mandate]:
    """Keep the mandates with an address that takes mail; one query."""
    mandates = list(mandates)
    dead = set(DeadAddress.objects.values_list("address", flat=True))
    return [mandate for mandate in mandates if mandate.email.strip() and mandate.email.strip().lower() not in dead]


def addressees_of(
    links: Iterable[PersonalLink], organisation_of: Callable[[Any], Organisation], url_of: Callable[[Any], str]
) -> list[Addressee]:
    """Gather links by mail address, in their order."""
    found: dict[str, Addressee] = {}
    for link in links:
        one = found.setdefault(link.address.lower(), Addressee(link.address, link.name, link.mandate))
        one.ways.append(Way(organisation_of(link), url_of(link)))
        one.links.append(link)
        if isinstance(link, Invitee):
            one.answer_by = one.answer_by or link.invitation.answer_by
            one.told = one.told or link.told
    return list(found.values())


def invited(invitees: Iterable[Invitee], url_of: Callable[[Invitee], str]) -> list[Addressee]:
    """Gather invitees, read with invitation, organisation and country, by mail address."""
    return addressees_of(invitees, lambda invitee: invitee.invitation.organisation, url_of)
