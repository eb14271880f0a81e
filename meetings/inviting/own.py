"""The invitations and answers of the organisations for which somebody speaks."""

from collections.abc import Iterable
from dataclasses import dataclass

from meetings.models import Coming, Invitation, Meeting
from members.models import Organisation, User
from members.rights import organisations_of


@dataclass(frozen=True)
class OwnAnswer:
    """What an organisation of somebody's answered to a meeting; `invitation` is None when it is not invited."""

    organisation: Organisation
    invitation: Invitation | None

    @property
    def is_due(self) -> bool:
        """Whether it can be answered and nobody has."""
        return self.invitation is not None and self.invitation.is_open and not self.invitation.is_answered


def own_answers(user: User, meetings: Iterable[Meeting]) -> dict[int, list[OwnAnswer]]:
    """Give what each organisation of somebody's answered to each of some meetings, by the meetings' keys; two queries."""
    meetings = list(meetings)
    organisations = list(organisations_of(user).order_by("key", "pk"))
    invitations = Invitation.objects.visible_to_delegate(user).filter(meeting__in=[each.pk for each in meetings])
    found = {(one.meeting_id, one.organisation_id): one for one in invitations}
    for meeting in meetings:
        for organisation in organisations:
            if (meeting.pk, organisation.pk) in found:
                found[meeting.pk, organisation.pk].meeting = meeting
    return {
        meeting.pk: [OwnAnswer(each, found.get((meeting.pk, each.pk))) for each in organisations]
        for meeting in meetings
    }


def others_coming(invitation: Invitation) -> int:
    """Count the other organisations that said they come: a number, no names."""
    others = Invitation.objects.filter(meeting=invitation.meeting_id, coming=Coming.YES)
    return others.exclude(pk=invitation.pk).count()
