"""Which records of the project itself keep a history."""

from b40 import models
from members.history import record_changes_of

record_changes_of(models.OldAddress)
