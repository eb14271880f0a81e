"""Who is expected at a session, and who of them may come: what sign sheets and check-in list."""

import zoneinfo
from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from meetings.models import Invitation, Meeting, Session
from members.models import Mandate, MandateRole, Organisation, Status
from members.rights import organisations_of
from workinggroups.models import ParticipationChange

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from members.models import User
    from members.models.organisations import OrganisationQuerySet

_IN_FORCE = [status for status in Status.values if status != Status.ENDED]


def expected_organisations(session: Session) -> "OrganisationQuerySet":
    """Keep the organisations that are expected at a session: the network of its day, and whoever takes part in its groups.

    Those of the session's groups come first, annotated as `takes_part`; then by name.
    """
    return _invited(session.meeting, _expected(day_of(session), session.working_groups.values("pk")))


def expected_at(meeting: Meeting) -> "OrganisationQuerySet":
    """Keep the organisations that are expected at a meeting, at whichever session; in the same order."""
    groups = Session.objects.filter(meeting=meeting).values("working_groups")
    return _invited(meeting, _expected(meeting.known_by, groups))


def places_of(user: "User | AnonymousUser", meeting: Meeting) -> "OrganisationQuerySet":
    """Keep the organisations for which somebody may be at a meeting: of those they speak for today, the ones invited to
    it; as long as nobody is, the ones expected at it.
    """
    invited = Invitation.objects.filter(meeting=meeting).order_by()
    expected = Q(pk__in=expected_at(meeting).order_by().values("pk"))
    return organisations_of(user).filter(Q(pk__in=invited.values("organisation")) | ~Exists(invited) & expected)


def _invited(meeting: Meeting, expected: "OrganisationQuerySet") -> "OrganisationQuerySet":
    """Keep those who were invited, once somebody was; until then all are expected."""
    invited = Invitation.objects.filter(meeting=meeting)
    return expected.filter(~Exists(invited) | Q(pk__in=invited.values("organisation")))


def _expected(day: "dt.date", groups: "QuerySet[Any, Any]") -> "OrganisationQuerySet":
    taking_part = ParticipationChange.objects.on(day).filter(group__in=groups, organisation=OuterRef("pk"))
    network = Organisation.objects.with_status(day).annotate(takes_part=Exists(taking_part))
    return network.filter(Q(status__in=_IN_FORCE) | Q(takes_part=True)).order_by("-takes_part", "key", "pk")


def parted(organisations: Iterable[Organisation]) -> list[tuple[str, list[Organisation]]]:
    """Part those expected under headings: the session's groups, the other cities, the others."""
    rows = sorted(organisations, key=lambda each: _part(each)[0])
    return [(label, list(part)) for (_order, label), part in groupby(rows, key=_part)]


def _part(organisation: Organisation) -> tuple[int, str]:
    if organisation.takes_part:  # type: ignore[attr-defined]  # annotated
        return (0, _("Of the working groups that meet"))
    return (1, _("Cities")) if organisation.is_city else (2, _("Observers and partners"))


def day_of(session: Session) -> "dt.date":
    """The session's day in its meeting's zone; the meeting's last day when no time is set."""
    if session.starts_at is None:
        return session.meeting.known_by
    return session.starts_at.astimezone(zoneinfo.ZoneInfo(session.meeting.timezone)).date()


def expected_delegates(user: "User", organisations: Iterable[Organisation], day: "dt.date") -> dict[int, list[Mandate]]:
    """Give those who act for each of some organisations on a day, contacts left out; by the organisation's key.

    Starts at what the user may see: names are private.
    """
    delegates = Mandate.objects.visible_to(user).on(day).filter(organisation__in=[each.pk for each in organisations])
    found: dict[int, list[Mandate]] = {}
    for mandate in delegates.exclude(role=MandateRole.CONTACT).select_related("person").order_by("person__name", "pk"):
        listed = found.setdefault(mandate.organisation_id, [])
        if all(mandate.person_id != other.person_id for other in listed):
            listed.append(mandate)
    return found
