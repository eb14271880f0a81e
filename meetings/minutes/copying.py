"""The minutes as they go out: plain values, so that whoever reads them sees what was circulated and nothing written since."""

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _

from meetings.models import ActionItem, Decision, Meeting, NoteRevision
from meetings.programme import read_programme
from members.models import User

Part = dict[str, Any]


def written_out(user: User, meeting: Meeting) -> list[Part]:
    """Give the minutes of a meeting, session by session, as JSON keeps them: each item of which anything was written,
    with note, decisions and actions. Takes who hands them out; a fixed number of queries.
    """
    notes = dict(NoteRevision.objects.of_meeting(meeting).newest().values_list("item", "text"))
    decisions: dict[int | None, list[str]] = defaultdict(list)
    for decision in Decision.objects.filter(meeting=meeting):
        decisions[decision.item_id].append(decision.text)
    actions: dict[int | None, list[Part]] = defaultdict(list)
    for action in ActionItem.objects.filter(meeting=meeting).prefetch_related("owners"):
        actions[action.item_id].append(_action(action))

    def written(key: int | None, title: str) -> Part:
        return {
            "key": key,
            "title": title,
            "text": notes.get(key, "") if key else "",
            "decisions": decisions[key],
            "actions": actions[key],
        }

    parts: list[Part] = [
        {"title": str(session), "items": [written(item.pk, str(item)) for item in session.items.all()]}
        for session in read_programme(user, meeting).sessions
    ]
    parts.append({"title": _("The meeting as a whole"), "items": [written(None, "")]})
    kept = [{**part, "items": [item for item in part["items"] if _says_something(item)]} for part in parts]
    return [part for part in kept if part["items"]]


def _says_something(item: Part) -> bool:
    return bool(item["text"] or item["decisions"] or item["actions"])


def _action(action: ActionItem) -> Part:
    return {
        "text": action.text,
        "owners": [owner.name for owner in action.owners.all()],
        "due_on": action.due_on.isoformat() if action.due_on else "",
    }
