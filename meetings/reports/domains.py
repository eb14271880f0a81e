"""Whose mail domains are: an organisation's by its website, or by the addresses of its contacts."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q, Value
from django.db.models.functions import Lower, StrIndex, Substr

from members.models import Mandate, Organisation

CHUNK = 300

# Everybody may have an address there; their names in all countries, as in yahoo.gr.
_PROVIDERS = frozenset(
    [
        "gmail",
        "googlemail",
        "yahoo",
        "ymail",
        "rocketmail",
        "hotmail",
        "outlook",
        "live",
        "msn",
        "icloud",
        "me",
        "mac",
        "aol",
        "proton",
        "protonmail",
        "pm",
        "gmx",
        "web",
        "mail",
        "email",
        "zoho",
        "yandex",
        "ya",
        "rambler",
        "bk",
        "list",
        "inbox",
        "fastmail",
        "tutanota",
        "tuta",
        "abv",
        "dir",
        "mynet",
        "superonline",
        "ttmail",
        "turk",
        "otenet",
        "forthnet",
        "hol",
        "freemail",
        "cosmotemail",
        "in",
        "t-com",
        "net",
        "inet",
        "xnet",
        "iskon",
        "vip",
        "optinet",
        "siol",
        "amis",
        "telemach",
        "volja",
        "eunet",
        "sbb",
        "ptt",
        "open",
        "bih",
        "bhtelecom",
        "yubc",
        "verat",
        "beotel",
        "albmail",
        "albaniaonline",
        "abissnet",
        "clicknet",
        "rdslink",
        "home",
        "k",
        "posta",
    ]
)
# Below these anybody may have a domain of their own: they say nothing by themselves.
_SHARED = frozenset(
    [
        "com",
        "org",
        "net",
        "gov",
        "edu",
        "bel",
        "k12",
        "pol",
        "tsk",
        "co",
        "info",
        "biz",
        "government",
        "gob",
        "gouv",
        "or",
        "ac",
        "mil",
        "eu",
        "int",
        "web",
        "nom",
    ]
)


def domain_of(email: str) -> str:
    """Give the domain of an address; "" for a public provider's, and for that of the secretariat itself."""
    domain = email.rpartition("@")[2].lower()
    first, *registry = domain.split(".")
    is_public = first in _PROVIDERS and (len(registry) == 1 or (len(registry) == 2 and registry[0] in _SHARED))
    return "" if is_public or not registry or domain == settings.MAIL_DOMAIN else domain


def owners_of(domains: Iterable[str]) -> dict[str, dict[Organisation, str]]:
    """Say for each domain which organisations it belongs to and by what: "website" or "contacts"."""
    wanted = sorted(set(domains) - {""})
    owners: dict[str, dict[Organisation, str]] = defaultdict(dict)
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        for domain, organisation in _by_contacts(part):
            owners[domain][organisation] = "contacts"
        for domain, organisation in _by_website(part):
            owners[domain][organisation] = "website"
    return owners


def _by_contacts(domains: Collection[str]) -> Iterable[tuple[str, Organisation]]:
    behind = Lower(Substr("email", StrIndex("email", Value("@")) + 1))
    rows = Mandate.objects.annotate(domain=behind).filter(domain__in=domains).order_by()
    found = rows.values_list("domain", "organisation").distinct()
    pairs = list(found)
    organisations = Organisation.objects.in_bulk({key for _domain, key in pairs})
    return [(domain, organisations[key]) for domain, key in pairs]


def _by_website(domains: Collection[str]) -> Iterable[tuple[str, Organisation]]:
    stems = {parent for domain in domains for parent in _parents(domain)}
    named = Q(*(Q(website__icontains=stem) for stem in sorted(stems)), _connector=Q.OR)
    found = Organisation.objects.filter(named).exclude(website="") if stems else ()
    hosts = [(organisation, _host(organisation.website)) for organisation in found]
    return [(domain, one) for domain in domains for one, host in hosts if _is_of(domain, host)]


def _parents(domain: str) -> list[str]:
    """Give a domain and those above it, as long as they are somebody's own: "mail.sofia.bg", "sofia.bg"."""
    labels = domain.split(".")
    above = (labels[at:] for at in range(len(labels) - 1))
    return [".".join(each) for each in above if len(each) > 2 or each[0] not in _SHARED]


def _is_of(domain: str, host: str) -> bool:
    """Whether a mail domain is that of a website: the same, or one below the other, without what registries share."""
    shorter, longer = sorted((domain, host), key=len)
    return bool(shorter) and shorter in _parents(longer) and shorter in _parents(shorter)


def _host(website: str) -> str:
    try:
        return (urlsplit(website).hostname or "").removeprefix("www.").lower()
    except ValueError:
        return ""
