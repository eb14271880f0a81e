"""Which records of the working groups keep a history, and on whose page each is edited."""

from members.history import record_changes_of
from workinggroups import models

record_changes_of(models.WorkingGroup)
for model in (models.FormerName, models.ParticipationChange, models.Topic):
    record_changes_of(model, part_of=("group",))
for part in (models.TopicProposal, models.TopicSupport):
    record_changes_of(part, part_of=("topic",))
record_changes_of(models.GroupSeat, part_of=("mandate",))
