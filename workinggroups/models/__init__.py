from workinggroups.models.groups import FormerName, GroupRole, ParticipationChange, WorkingGroup
from workinggroups.models.proposals import TopicProposal, TopicSupport
from workinggroups.models.seats import GroupSeat
from workinggroups.models.topics import PUBLIC_STATUSES, Topic, TopicStatus

__all__ = [
    "PUBLIC_STATUSES",
    "FormerName",
    "GroupRole",
    "GroupSeat",
    "ParticipationChange",
    "Topic",
    "TopicProposal",
    "TopicStatus",
    "TopicSupport",
    "WorkingGroup",
]
