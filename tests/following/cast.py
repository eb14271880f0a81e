"""The people of these tests: delegates with accounts, and a secretary whose name stands under what is done."""

from tests import factories


def delegate(organisation, role="technical", groups=(), name="Maria Petrova", email="maria@sofia.example", **dates):
    """An account of a person who acts for an organisation; in the groups named, else in all in which it takes part."""
    person = factories.PersonFactory(name=name)
    mandate = factories.MandateFactory(organisation=organisation, person=person, role=role, email=email, **dates)
    for group in groups:
        mandate.group_seats.create(group=group)
    return factories.UserFactory(username=email, email=email, person=person)
