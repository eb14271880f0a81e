"""The agenda on record, and the agenda that a page sent."""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from meetings.agenda.forms import ItemForm
from meetings.agenda.rows import NEW, Agenda, Row, Shown
from meetings.models import ActionItem, AgendaItem, Correction, Decision, Meeting, NoteRevision, Session
from members.models import User
from members.names import fold
from workinggroups.models import Topic

MOST_ROWS = 400
_KEY = re.compile(rf"\d{{1,18}}|{NEW}\d{{1,4}}")


def read_sessions(meeting: Meeting) -> list[Session]:
    """Read the sessions in their order, with their working groups; two queries."""
    return list(meeting.sessions.order_by("order", "starts_at", "pk").prefetch_related("working_groups"))


def read_items(meeting: Meeting) -> list[AgendaItem]:
    """Read the items in the order of the agenda, with their topics; two queries.

    `is_kept` of each says whether notes, decisions, actions or corrections rest on it: it cannot be deleted then.
    """
    resting = [model.objects.filter(item=OuterRef("pk")) for model in (NoteRevision, Decision, ActionItem, Correction)]
    kept = Exists(resting[0]) | Exists(resting[1]) | Exists(resting[2]) | Exists(resting[3])
    items = AgendaItem.objects.filter(session__meeting=meeting).annotate(is_kept=kept)
    order = ("session__order", "session__starts_at", "session", "order", "pk")
    return list(items.order_by(*order).prefetch_related("topics"))


def read_sent(user: User, sent: Any, sessions: list[Session]) -> Agenda:
    """Read the rows of a page as they were typed, each with what cannot be saved of it.

    Takes the sent fields, as a QueryDict. One query for the topics, one more for each name of a topic that was typed.
    """
    keys = [key for key in dict.fromkeys(sent.getlist("rows")) if _KEY.fullmatch(key)][:MOST_ROWS]
    asked = {key for row in keys for key in sent.getlist(f"row-{row}-topics") if key.isascii() and key.isdigit()}
    topics = _topics(user, {int(key) for key in asked if len(key) < 19})
    known = [session.pk for session in sessions]
    agenda = Agenda(sessions)
    for key in keys:
        form = ItemForm(sent, prefix=f"row-{key}", sessions=known, topics=topics)
        agenda.rows.append(_row(user, key, form, topics, sent))
    return agenda


def _topics(user: User, keys: set[int]) -> set[int]:
    return set(Topic.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()


def _row(user: User, key: str, form: ItemForm, topics: set[int], sent: Any) -> Row:
    form.is_valid()
    asked = [int(each) for each in sent.getlist(f"row-{key}-topics") if each.isdigit() and len(each) < 19]
    row = Row(
        key, form.cleaned_data.get("session"), form.typed("title"), form.typed("minutes"),
        topics=[each for each in asked if each in topics], topic=form.typed("topic"),
        is_removed=bool(form.cleaned_data.get("remove")), shown=Shown.unpacked(sent.get(f"row-{key}-shown", "")),
    )  # fmt: skip
    _link_typed(user, row)
    if not row.is_removed:
        row.errors += [str(error) for errors in form.errors.values() for error in errors]
        row.errors += _lacking(row)
    return row


def _lacking(row: Row) -> list[str]:
    """An item that nobody touched stays as it is, whatever it lacks."""
    is_untouched = row.shown is not None and (row.title, row.length, tuple(sorted(row.topics))) == (
        row.shown.title, row.shown.minutes, row.shown.topics,
    )  # fmt: skip
    if row.title or row.topics or row.topic or row.is_blank or is_untouched:
        return []
    return [_("Give the item a title or a topic, or remove it.")]


def _link_typed(user: User, row: Row) -> None:
    """Link the topic whose title was typed; an unknown or ambiguous one stays typed, with what is near."""
    if not row.topic:
        return
    found = Topic.objects.visible_to(user).select_related("group")
    title = row.topic.rpartition(" (")[0] if row.topic.endswith(")") else row.topic  # as `label_of` names it, or alone
    near = list(found.matching(title or row.topic)[:20])
    exact = [topic for topic in near if fold(label_of(topic)) == fold(row.topic)]
    exact = exact or [topic for topic in near if fold(topic.title) == fold(row.topic)]
    if len(exact) == 1:
        row.topics, row.topic = list(dict.fromkeys([*row.topics, exact[0].pk])), ""
    elif not row.is_removed:
        row.errors.append(_unknown(row.topic, exact or near))


def label_of(topic: Topic) -> str:
    """Name a topic with its group, as the page offers it."""
    return f"{topic.title} ({topic.group.name})" if topic.group else topic.title


def _unknown(text: str, near: Iterable[Topic]) -> str:
    named = ", ".join(f"“{label_of(topic)}”" for topic in list(near)[:3])
    if named:
        return _("No one topic is called “%(text)s”: did you mean %(near)s?") % {"text": text, "near": named}
    return _("No topic is called “%(text)s”: choose one of the list, or leave the field empty.") % {"text": text}


def act_on(agenda: Agenda, act: str) -> str:
    """Do what a button of the page asks: "up-KEY", "down-KEY" or "add-SESSION". Gives the key of the row it was about."""
    name, _dash, key = act.partition("-")
    if name in ("up", "down"):
        agenda.move(key, -1 if name == "up" else 1)
        return key
    if name == "add" and any(str(session.pk) == key for session in agenda.sessions):
        return agenda.add(int(key)).key
    return ""
