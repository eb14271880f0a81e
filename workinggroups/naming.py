"""Who may be named in public as taking part in a group."""

from collections import defaultdict

from django.utils import timezone

from members.models import Consent, Mandate, Purpose
from workinggroups.models import GroupSeat, WorkingGroup


def named_in_public(group: WorkingGroup) -> dict[int, list[str]]:
    """Give, by organisation, the names of those with a seat in a group today who agreed to be shown. One query.

    A seat, not a mandate for all groups: somebody is named where their city says that they sit.
    """
    agreed = Consent.objects.standing().filter(purpose=Purpose.PUBLIC_NAME).order_by().values("person")
    held = Mandate.objects.on(timezone.localdate()).filter(person__in=agreed)
    seats = GroupSeat.objects.filter(group=group, mandate__in=held).order_by("mandate__person__name")
    found: dict[int, list[str]] = defaultdict(list)
    for organisation, name in seats.values_list("mandate__organisation", "mandate__person__name").distinct():
        found[organisation].append(name)
    return dict(found)
