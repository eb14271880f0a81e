"""The history of records. Whoever writes records uses `acting` (who writes, and why); the rest follows by itself.

`actor` knows who writes, `recorder` writes a `Change` for every record saved or deleted, `values` keeps values as text
and says them in words, `states` tells what a record held and brings that back, `versions` lets a form know that it is
stale.
"""

from members.history.actor import Writer, acting
from members.history.batches import undo
from members.history.recorder import is_recorded, record_changes_of, recorded_models
from members.history.states import RestoreRefused, restore, state_after
from members.history.versions import lock, version_of

__all__ = [
    "RestoreRefused",
    "Writer",
    "acting",
    "is_recorded",
    "lock",
    "record_changes_of",
    "recorded_models",
    "restore",
    "state_after",
    "undo",
    "version_of",
]
