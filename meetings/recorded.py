"""Which records of meetings keep a history, and on whose page each is edited."""

from meetings import models
from members.history import record_changes_of

record_changes_of(models.Meeting)
record_changes_of(models.NewsItem)
record_changes_of(models.MeetingTemplate)
record_changes_of(models.TemplateSession, part_of=("template",))
record_changes_of(models.Photo, part_of=("meeting", "news_item"))
for model in (models.Session, models.Decision, models.StatedTotal, models.Guest, models.Document):
    record_changes_of(model, part_of=("meeting",))
record_changes_of(models.AgendaItem, part_of=("session",))
record_changes_of(models.DocumentVersion, part_of=("document",))
record_changes_of(models.ActionItem)
record_changes_of(models.ActionReport, part_of=("action",))
record_changes_of(models.Minutes)
record_changes_of(models.Correction, part_of=("minutes",))
# A row about one session stands on that session's page, one about the whole meeting on the meeting's.
record_changes_of(models.Attendance, part_of=("session", "meeting"))
record_changes_of(models.Delegate, part_of=("attendance",))
# Answers come while others edit the meeting, so they are pages of their own, not parts of the meeting's. Who holds which
# link is no fact of the record: a link says itself by whom it was taken back.
record_changes_of(models.Invitation)
record_changes_of(models.SessionAnswer, part_of=("invitation",))
record_changes_of(models.AnnouncedDelegate, part_of=("invitation",))
record_changes_of(models.DatePoll)
record_changes_of(models.PollOption, part_of=("poll",))
record_changes_of(models.Ballot)
record_changes_of(models.Preference, part_of=("ballot",))
# How to join is written beside the meeting's page, often by somebody else.
record_changes_of(models.JoiningInstructions)
record_changes_of(models.RememberedMatch)
# A participant report is what was uploaded; what it wrote is recorded, under its batch.
# A reminder of an action is its mailing's.
# Mailings are their own history: who prepared, who released, when each letter left.
# Notes too: every save of one is a revision, and none is ever changed or deleted.
