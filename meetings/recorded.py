"""Which records of meetings keep a history, and on whose page each is edited."""

from meetings import models
from members.history import record_changes_of

record_changes_of(models.Meeting)
record_changes_of(models.NewsItem)
record_changes_of(models.Photo, part_of=("meeting", "news_item"))
for model in (models.Session, models.Decision, models.StatedTotal, models.Guest, models.Document):
    record_changes_of(model, part_of=("meeting",))
record_changes_of(models.AgendaItem, part_of=("session",))
# A row about one session stands on that session's page, one about the whole meeting on the meeting's.
record_changes_of(models.Attendance, part_of=("session", "meeting"))
record_changes_of(models.Delegate, part_of=("attendance",))
record_changes_of(models.RememberedMatch)
# A participant report is what was uploaded; what it wrote is recorded, under its batch.
# Mailings are their own history: who prepared, who released, when each letter left.
