"""Somebody whom staff pretends to be, for reading."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.utils import timezone

if TYPE_CHECKING:
    from members.models.mandates import MandateQuerySet
    from members.models.presidencies import Person


class PretendedVisitor:
    """What the account of a person sees, whether they have one or not: it holds their mandates and no permission.

    It stands where a request has its user. Its key is no account's, so that what belongs to an account is not found.
    """

    pk = id = 0
    is_authenticated = is_active = True
    is_anonymous = is_staff = is_superuser = False
    email = ""

    def __init__(self, person: "Person") -> None:
        self.person = person
        self.person_id = person.pk

    def __str__(self) -> str:
        return self.get_username()

    def __int__(self) -> int:
        return self.pk  # rows that ask for their account's key then find none

    def get_username(self) -> str:
        return str(self.person)

    get_full_name = get_username

    def mandates(self, day: dt.date | None = None) -> "MandateQuerySet":
        """Give the mandates by which the person acts on a day, today unless given."""
        from members.models.mandates import Mandate  # mandates ask for rights, and rights for visitors

        return Mandate.objects.filter(person=self.person_id).on(day or timezone.localdate())

    def has_perm(self, *args: Any) -> bool:
        return False

    has_perms = has_module_perms = has_perm
