"""The people of the tests who act for organisations: each an account with a mandate."""

from django.test import Client

from members.models import User
from tests import factories


def delegate(organisation, role="technical", groups=(), **dates) -> User:
    """An account of a person who acts for an organisation: in the groups named, else in all in which it takes part.

    Dates are those of the mandate, `starts_on` and `ends_on`; without them it holds on every day.
    """
    user = factories.UserFactory(delegate=True)
    mandate = factories.MandateFactory(
        organisation=organisation, person=user.person, role=role, email=user.email, **dates
    )
    for group in groups:
        factories.GroupSeatFactory(mandate=mandate, group=group)
    return user


def client_of(user: User) -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(user)
    return client
