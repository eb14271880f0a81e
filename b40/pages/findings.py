"""What a search finds, kind by kind, within bounds that do not grow with the record."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from b40.pages.home import Visitor
from meetings.models import Document, Meeting, NewsItem
from members.models import Kind as OrganisationKind
from members.models import OfficeChange, Organisation, Person, Presidency
from members.names import fold
from workinggroups.models import Topic, WorkingGroup

SHOWN = 5
COUNTED = 100  # beyond this, counting stops and the page says "more than 100"


@dataclass(frozen=True)
class Result:
    """One record found, as ``components/result.html`` shows it."""

    kind: str
    title: str
    url: str
    native: str = ""
    language: str = ""
    text: str = ""


@dataclass(frozen=True)
class Finding:
    """The records of one kind: the first few, how many there are, and where all are listed."""

    heading: str
    results: list[Result]
    total: int
    more_url: str

    @property
    def is_more_than_counted(self) -> bool:
        return self.total > COUNTED

    @property
    def count(self) -> str:
        """The number, or "100+"."""
        return f"{COUNTED}+" if self.is_more_than_counted else str(self.total)

    @property
    def is_cut(self) -> bool:
        return self.total > len(self.results)


@dataclass(frozen=True)
class Kind:
    """How one kind of record is found and shown.

    `records` gives what a visitor may see, with whatever a line of the result needs; its queryset must know
    `matching(text)`. `listing` names the page that
    lists them all, and `is_filtered` says that this page takes the text as ``q``.
    """

    heading: Promise
    records: Callable[[Visitor], "QuerySet[Any]"]
    show: Callable[[Any], Result]
    listing: str
    is_filtered: bool = False


def find(user: Visitor, text: str, *, city: Organisation | None = None) -> list[Finding]:
    """Search every kind for a text and leave out the kinds without a hit.

    When the text is a name of a city, records that write the city's English name are found too: "Atina" finds the
    Athens summit. That city itself is not
    among the findings: the page shows it apart. The database is asked for at most `COUNTED` + 1 rows a kind.
    """
    findings = (_find(kind, user, text, city) for kind in KINDS)
    return [finding for finding in findings if finding.total]


def _find(kind: Kind, user: Visitor, text: str, city: Organisation | None) -> Finding:
    records = kind.records(user)
    matching = records.matching(text).prefetch_related(None)  # type: ignore[attr-defined]  # each of KINDS has it
    if city and issubclass(records.model, Organisation):
        matching = matching.exclude(pk=city.pk)
    elif city and fold(city.name) != fold(text):
        matching |= records.matching(city.name).prefetch_related(None)  # type: ignore[attr-defined]
    keys = list(matching.values_list("pk", flat=True)[: COUNTED + 1])
    shown = keys[:SHOWN]
    rows = records.in_bulk(shown)
    query = f"?{urlencode({'q': text})}" if kind.is_filtered else ""
    return Finding(
        str(kind.heading), [kind.show(rows[key]) for key in shown], len(keys), f"{reverse(kind.listing)}{query}"
    )


def _organisations(user: Visitor) -> "QuerySet[Organisation]":
    return Organisation.objects.visible_to(user).select_related("country").prefetch_related("names")


def _cities(user: Visitor) -> "QuerySet[Organisation]":
    return _organisations(user).filter(kind=OrganisationKind.CITY)


def _others(user: Visitor) -> "QuerySet[Organisation]":
    return _organisations(user).exclude(kind=OrganisationKind.CITY)


def _show_organisation(found: Organisation) -> Result:
    own = found.own_name
    return Result(
        kind=capfirst(str(found.get_kind_display())),
        title=found.name,
        url=found.get_absolute_url(),
        native=own.text if own else "",
        language=own.language_tag if own else "",
        text=found.country.name if found.country else "",
    )


def _meetings(user: Visitor) -> "QuerySet[Meeting]":
    return Meeting.objects.visible_to(user).with_counts().select_related("host_city")


def _show_meeting(found: Meeting) -> Result:
    cities: int = getattr(found, "city_count", 0)
    came = ngettext("%(number)d city", "%(number)d cities", cities) % {"number": cities} if cities else ""
    place = found.host_city.name if found.host_city else found.place
    status = "" if found.took_place else str(found.get_status_display())
    return Result(
        kind=capfirst(str(found.get_kind_display())),
        title=found.title,
        url=found.get_absolute_url(),
        text=" · ".join(fact for fact in (found.days, place, came, status) if fact),
    )


def _news(user: Visitor) -> "QuerySet[NewsItem]":
    return NewsItem.objects.visible_to(user).prefetch_related("organisations")


def _show_news(found: NewsItem) -> Result:
    day = date_format(found.published_on, "j F Y") if found.published_on else _("draft")
    spoken_of = ", ".join(organisation.name for organisation in found.organisations.all())
    return Result(
        kind=capfirst(str(found.get_kind_display())),
        title=found.title,
        url=found.get_absolute_url(),
        text=" · ".join(fact for fact in (day, spoken_of) if fact),
    )


def _presidencies(user: Visitor) -> "QuerySet[Presidency]":
    changes = OfficeChange.objects.filter(person__isnull=False).select_related("person")
    terms = Presidency.objects.visible_to(user).select_related("city")
    return terms.prefetch_related(Prefetch("office_changes", changes), "city__names")


def _show_presidency(found: Presidency) -> Result:
    own = found.city.own_name
    presidents = dict.fromkeys(str(change.person) for change in found.office_changes.all())
    since = _("since %(day)s") % {"day": date_format(found.started_on, "j F Y")}
    return Result(
        kind=_("Presidency"),
        title=str(found),
        url=found.get_absolute_url(),
        native=own.text if own else "",
        language=own.language_tag if own else "",
        text=" · ".join([since, *presidents]),
    )


def _people(user: Visitor) -> "QuerySet[Person]":
    changes = OfficeChange.objects.select_related("presidency__city").order_by("-latest")
    return Person.objects.visible_to(user).prefetch_related(Prefetch("office_changes", changes))


def _show_person(found: Person) -> Result:
    """Somebody is shown on the page of the last office held; who held none leads to the bodies."""
    changes = list(found.office_changes.all())
    last = changes[0] if changes else None
    presidency = last.presidency if last else None
    url = presidency.get_absolute_url() if presidency else f"{reverse('about')}#bodies"
    offices = dict.fromkeys(_office(change) for change in changes)
    return Result(kind=_("Person"), title=found.name, url=url, text=" · ".join(offices))


def _office(change: OfficeChange) -> str:
    title = change.title or str(change.get_office_display())
    return f"{title}, {change.presidency}" if change.presidency else title


def _groups(user: Visitor) -> "QuerySet[WorkingGroup]":
    return WorkingGroup.objects.visible_to(user).prefetch_related("former_names")


def _show_group(found: WorkingGroup) -> Result:
    former = ", ".join(name.name for name in found.former_names.all())
    text = _("formerly %(names)s") % {"names": former} if former else ""
    return Result(kind=_("Working group"), title=found.name, url=found.get_absolute_url(), text=text)


def _topics(user: Visitor) -> "QuerySet[Topic]":
    return Topic.objects.visible_to(user).select_related("group")


def _show_topic(found: Topic) -> Result:
    group = found.group.name if found.group else _("The whole network")
    return Result(kind=_("Topic"), title=found.title, url=found.get_absolute_url(), text=group)


def _documents(user: Visitor) -> "QuerySet[Document]":
    return Document.objects.visible_to(user).select_related("meeting")


def _show_document(found: Document) -> Result:
    """A paper of a meeting leads to the meeting's page, one of the network to the papers on the page about it."""
    url = found.meeting.get_absolute_url() if found.meeting else f"{reverse('about')}#documents"
    of = found.meeting.title if found.meeting else _("The network")
    dated = date_format(found.dated, "j F Y") if found.dated else ""
    return Result(
        kind=capfirst(str(found.get_kind_display())),
        title=found.title,
        url=url,
        text=" · ".join(fact for fact in (of, dated) if fact),
    )


KINDS = (
    Kind(gettext_lazy("Cities"), _cities, _show_organisation, "members:city_list", is_filtered=True),
    Kind(gettext_lazy("Observers and partners"), _others, _show_organisation, "members:observer_list"),
    Kind(gettext_lazy("Meetings"), _meetings, _show_meeting, "meetings:list", is_filtered=True),
    Kind(gettext_lazy("News"), _news, _show_news, "meetings:news_list", is_filtered=True),
    Kind(gettext_lazy("Presidencies"), _presidencies, _show_presidency, "members:presidency_list"),
    Kind(gettext_lazy("People in office"), _people, _show_person, "members:presidency_list"),
    Kind(gettext_lazy("Working groups"), _groups, _show_group, "workinggroups:list"),
    Kind(gettext_lazy("Topics"), _topics, _show_topic, "workinggroups:topic_list", is_filtered=True),
    Kind(gettext_lazy("Documents"), _documents, _show_document, "about"),
)
