from workinggroups.models.groups import FormerName, GroupRole, ParticipationChange, WorkingGroup
from workinggroups.models.topics import Topic, TopicStatus

__all__ = ["FormerName", "GroupRole", "ParticipationChange", "Topic", "TopicStatus", "WorkingGroup"]
