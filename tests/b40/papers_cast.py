"""The people of the delegates' pages: a group that Sofia coordinates, Skopje and Niš sit in, and Varna does not."""

import datetime as dt
from types import SimpleNamespace

from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from members.models import User
from tests import factories
from workinggroups.models import GroupSeat

TODAY = dt.date(2026, 3, 2)
NOON = dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC)


def member(name, **fields):
    return factories.MembershipChangeFactory(
        organisation__name=name, organisation__slug=name.lower(), **fields
    ).organisation


def delegate(organisation, role="technical", groups=(), **dates) -> User:
    """An account whose person acts for an organisation; in the groups named, else in all in which it takes part."""
    user = factories.UserFactory(person=factories.PersonFactory())
    address = f"{user.username}@example.org"
    mandate = factories.MandateFactory(organisation=organisation, person=user.person, role=role, email=address, **dates)
    for group in groups:
        GroupSeat.objects.create(mandate=mandate, group=group)
    return user


def client_of(user) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def make_cast():
    """One group with its people, each under the name that the matrix of rights gives them."""
    cast = SimpleNamespace()
    cast.group = factories.WorkingGroupFactory(name="Local Climate Action", slug="climate")
    cast.elsewhere = factories.WorkingGroupFactory(name="Culture", slug="culture")
    cast.sofia, cast.skopje, cast.nis, cast.varna = (member(name) for name in ("Sofia", "Skopje", "Nis", "Varna"))
    factories.ParticipationChangeFactory(group=cast.group, organisation=cast.sofia, role="coordinator")
    for city in (cast.skopje, cast.nis):
        factories.ParticipationChangeFactory(group=cast.group, organisation=city)
    factories.ParticipationChangeFactory(group=cast.elsewhere, organisation=cast.varna)
    cast.coordinator, cast.delegate, cast.colleague = (delegate(city) for city in (cast.sofia, cast.skopje, cast.nis))
    cast.stranger = delegate(cast.varna)
    cast.ended = delegate(cast.skopje, ends_on=timezone.localdate() - dt.timedelta(days=1))
    cast.staff = factories.UserFactory(staff=True)
    cast.staff.groups.add(Group.objects.get_or_create(name="Secretariat")[0])
    cast.public = None
    return cast


WHO = ("public", "ended", "stranger", "colleague", "delegate", "coordinator", "staff")


def answers(cast, address, method="get", **fields):
    """Ask as everybody of the cast; give who got which answer, `in` for those sent to sign in."""
    found = {}
    for who in WHO:
        response = getattr(client_of(getattr(cast, who)), method)(address, **fields)
        found[who] = "in" if response.status_code == 302 and "/login/" in response["Location"] else response.status_code
    return found


def expect(**codes):
    """What a page answers to all; ended mandates and staff without one are told that they speak for nobody."""
    return {"public": "in", "ended": 403, "staff": 403, **codes}
