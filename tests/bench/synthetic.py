"""A record of any size, made up but of the real one's shape: for the benchmark and for looking at full pages."""

import datetime as dt
import itertools
import random
from collections.abc import Iterator, Sequence
from typing import TypeVar

from django.db import models, transaction

from meetings.models import AgendaItem, Attendance, Meeting, NewsItem, NewsKind, Session
from members.models import (
    Country,
    MembershipChange,
    Office,
    OfficeChange,
    Organisation,
    OrganisationName,
    Person,
    Presidency,
)
from members.names import search_text
from members.words import index_all, searchable_models
from tests.bench.room import fill_room
from workinggroups.models import Topic, WorkingGroup

# The real record's size; a factor multiplies cities, meetings, news and topics. A network has one presidency a year and few groups, so these stop at 50 and 40.
CITIES, MEETINGS, TOPICS, PRESIDENCIES, GROUPS = 62, 17, 45, 5, 4
NEWS = 20  # the real record has none yet
MOST_PRESIDENCIES, MOST_GROUPS = 50, 40
COUNTRIES = (
    "Albania",
    "Bosnia and Herzegovina",
    "Bulgaria",
    "Greece",
    "Croatia",
    "Kosovo",
    "Montenegro",
    "North Macedonia",
    "Romania",
    "Serbia",
    "Slovenia",
    "Türkiye",
)
CODES = ("AL", "BA", "BG", "GR", "HR", "XK", "ME", "MK", "RO", "RS", "SI", "TR")
STEMS = (
    "Novi",
    "Stari",
    "Gornji",
    "Veliko",
    "Kara",
    "Nea",
    "Selo",
    "Trg",
    "Laki",
    "Mora",
    "Pol",
    "Vard",
    "Sava",
    "Drin",
    "Maric",
    "Tekir",
)
ENDINGS = (
    "grad",
    "polje",
    "pazar",
    "poli",
    "köy",
    "ovo",
    "evo",
    "ești",
    "aj",
    "ac",
    "iste",
    "burun",
    "ura",
    "vac",
    "dorf",
    "nik",
)
MATTERS = (
    "heat",
    "air",
    "water",
    "transport",
    "archives",
    "tourism",
    "housing",
    "energy",
    "festivals",
    "migration",
    "data",
    "sensors",
    "bridges",
    "parks",
)

Row = TypeVar("Row", bound=models.Model)


def fill(factor: int, *, seed: int = 40) -> None:
    """Fill an empty database with a record `factor` times as large as the real one. The same factor and seed give the same record."""
    random_ = random.Random(seed)
    with transaction.atomic():
        cities = _cities(CITIES * factor, random_)
        presidencies = _presidencies(min(PRESIDENCIES * factor, MOST_PRESIDENCIES), cities)
        groups = _groups(min(GROUPS * factor, MOST_GROUPS))
        topics = _topics(TOPICS * factor, groups)
        _meetings(MEETINGS * factor, cities, presidencies, groups, topics, random_)
        _news(NEWS * factor, cities)
        fill_room(cities, groups)
        for model in searchable_models():
            index_all(model)


def _cities(count: int, random_: random.Random) -> list[Organisation]:
    Country.objects.bulk_create(Country(code=code, name=name) for code, name in zip(CODES, COUNTRIES, strict=True))
    codes = itertools.cycle(CODES)
    cities = [_city(number, next(codes), random_) for number in range(count)]
    _create(Organisation, cities)
    names = [
        OrganisationName(organisation=city, text=f"Град {city.name}", language="sr", is_native=True) for city in cities
    ]
    names += [OrganisationName(organisation=city, text=f"{city.name}a") for city in cities]
    for name in names:
        name.derive_keys()
    _create(OrganisationName, names)
    founding, later = dt.date(1975, 1, 1), dt.date(1990, 1, 1)
    changes = [
        MembershipChange(
            organisation=city, status="candidate" if city.pk % 5 == 0 else "member", earliest=founding, latest=founding
        )
        for city in cities
    ]
    changes += [
        MembershipChange(organisation=city, status="member", latest=later) for city in cities if city.pk % 5 == 0
    ]
    _create(MembershipChange, changes)
    return cities


def _city(number: int, code: str, random_: random.Random) -> Organisation:
    name = f"{STEMS[number % 16]}{ENDINGS[number // 16 % 16]}" + (f" {number // 256}" if number >= 256 else "")
    place = {"latitude": round(random_.uniform(35.5, 46), 3), "longitude": round(random_.uniform(14, 29.5), 3)}
    city = Organisation(
        name=name, slug=f"city-{number}", country_id=code, population=50_000 + number, population_year=2021, **place
    )
    city.derive_keys()
    return city


def _presidencies(count: int, cities: Sequence[Organisation]) -> list[Presidency]:
    starts = [dt.date(2025 - count + number, 2, 1) for number in range(count)]
    # The newest term is always the first city's, so that its report has one address at every factor.
    hosts = reversed(cities[:count])
    presidencies = [Presidency(city=city, started_on=start) for city, start in zip(hosts, starts, strict=True)]
    _create(Presidency, presidencies)
    people = [Person(name=f"Mayor {number}", search=f"mayor {number}") for number in range(count)]
    _create(Person, people)
    pairs = zip(presidencies, people, strict=True)
    _create(
        OfficeChange,
        [
            OfficeChange(
                office=Office.PRESIDENT,
                presidency=term,
                person=person,
                earliest=term.started_on,
                latest=term.started_on,
            )
            for term, person in pairs
        ],
    )
    return presidencies


def _groups(count: int) -> list[WorkingGroup]:
    groups = [
        WorkingGroup(
            name=f"Local cooperation {number}",
            slug=f"group-{number}",
            order=number,
            search=f"local cooperation {number}",
        )
        for number in range(count)
    ]
    _create(WorkingGroup, groups)
    return groups


def _topics(count: int, groups: Sequence[WorkingGroup]) -> list[Topic]:
    titles = [f"{MATTERS[number % len(MATTERS)].capitalize()} in our cities, part {number}" for number in range(count)]
    topics = [
        Topic(title=title, slug=f"topic-{number}", group=groups[number % len(groups)], search=search_text(title))
        for number, title in enumerate(titles)
    ]
    _create(Topic, topics)
    return topics


def _meetings(
    count: int,
    cities: Sequence[Organisation],
    presidencies: Sequence[Presidency],
    groups: Sequence[WorkingGroup],
    topics: Sequence[Topic],
    random_: random.Random,
) -> None:
    first, last = presidencies[0].started_on, dt.date(2025, 12, 1)
    days = sorted(first + dt.timedelta(days=random_.randrange((last - first).days)) for _number in range(count))
    meetings = [_meeting(number, day, cities) for number, day in enumerate(days)]
    _create(Meeting, meetings)
    sessions = [Session(meeting=meeting, order=order) for meeting in meetings for order in range(4)]
    _create(Session, sessions)
    links = [
        Session.working_groups.through(session=session, workinggroup=groups[(number + session.order) % len(groups)])
        for number, session in enumerate(sessions)
    ]
    _create(Session.working_groups.through, links)
    items = [AgendaItem(session=session, order=order) for session in sessions for order in range(3)]
    _create(AgendaItem, items)
    taken_up = [
        AgendaItem.topics.through(agendaitem=item, topic=topics[number % len(topics)])
        for number, item in enumerate(items)
    ]
    _create(AgendaItem.topics.through, taken_up)
    _create(
        Attendance,
        [
            Attendance(meeting=meeting, organisation=city, channel="published")
            for meeting in meetings
            for city in random_.sample(cities, 16)
        ],
    )


def _meeting(number: int, day: dt.date, cities: Sequence[Organisation]) -> Meeting:
    online = number % 3 == 0
    host = None if online else cities[number % len(cities)]
    kind = ("working_groups", "board", "workshop", "visit")[number % 4]
    meeting = Meeting(
        title=f"Meeting {number} on {MATTERS[number % len(MATTERS)]}", slug=f"meeting-{number}",
        kind=kind, mode="online" if online else "in_person", status="held",
        start_on=day, host_city=host, country_id=host.country_id if host else None, summary="The cities spoke of what they share and agreed on the next steps.",
    )  # fmt: skip
    meeting.derive_search()
    return meeting


def _news(count: int, cities: Sequence[Organisation]) -> None:
    news = [_news_item(number) for number in range(count)]
    _create(NewsItem, news)
    spoken_of = [
        NewsItem.organisations.through(newsitem=item, organisation=cities[(number + step) % len(cities)])
        for number, item in enumerate(news)
        for step in range(2)
    ]
    _create(NewsItem.organisations.through, spoken_of)


def _news_item(number: int) -> NewsItem:
    matter = MATTERS[number % len(MATTERS)]
    item = NewsItem(
        title=f"News {number} on {matter}", slug=f"news-{number}", kind=NewsKind.values[number % len(NewsKind.values)],
        published_on=dt.date(2025, 12, 1) - dt.timedelta(days=number % 7_000),
        text=f"<p>{f'The cities spoke of {matter} and of what they share. ' * 20}</p>",
    )  # fmt: skip
    item.derive_search()
    return item


def _create(model: type[Row], rows: Sequence[Row]) -> None:
    for batch in _batches(rows):
        model._default_manager.bulk_create(batch)


def _batches(rows: Sequence[Row], size: int = 2_000) -> Iterator[list[Row]]:
    for start in range(0, len(rows), size):
        yield list(rows[start : start + size])
