from workinggroups.models.groups import FormerName, GroupRole, ParticipationChange, WorkingGroup
from workinggroups.models.seats import GroupSeat
from workinggroups.models.topics import Topic, TopicStatus

__all__ = ["FormerName", "GroupRole", "GroupSeat", "ParticipationChange", "Topic", "TopicStatus", "WorkingGroup"]
