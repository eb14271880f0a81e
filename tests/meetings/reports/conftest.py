"""Six cities of the network with names in their own scripts, and a meeting that they call."""

import datetime as dt

import pytest

from meetings.models import Meeting
from members.models import Organisation
from tests import factories

CITIES = {
    "sofia": ("Sofia", "София", ""),
    "izmir": ("Izmir", "İzmir", ""),
    "thessaloniki": ("Thessaloniki", "Θεσσαλονίκη", "https://www.thessaloniki.gr/"),
    "niksic": ("Nikšić", "Никшић", ""),
    "skopje": ("Skopje", "Скопје", ""),
    "plovdiv": ("Plovdiv", "Пловдив", ""),
}


@pytest.fixture
def cities(db: None) -> dict[str, Organisation]:
    made = {}
    for slug, (name, own, website) in CITIES.items():
        city = factories.OrganisationFactory(name=name, slug=slug, website=website)
        factories.OrganisationNameFactory(organisation=city, text=own)
        factories.MembershipChangeFactory(organisation=city)
        made[slug] = city
    factories.OrganisationNameFactory(organisation=made["thessaloniki"], text="Selanik")
    return made


@pytest.fixture
def meeting(db: None) -> Meeting:
    return factories.MeetingFactory(title="Round", start_on=dt.date(2025, 4, 9), timezone="Europe/Sofia", mode="online")
