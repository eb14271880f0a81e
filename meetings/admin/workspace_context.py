"""What a meeting's workspace shows, each part with the page on which it is mended."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.contrib.admin import AdminSite
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from meetings.dossier import Dossier, read_dossier
from meetings.figures import key_figures
from meetings.grid import Grid, Refusal, read_grid
from meetings.models import Document, Meeting, Photo, Presence, Session
from meetings.permissions import may_record_attendance, may_record_reports
from meetings.readiness import missing_to_announce, missing_to_publish
from meetings.scheduling import countries_of_members, free_days, hours_of, is_still_planned
from meetings.structured import in_a_sentence
from meetings.texts import plain_text
from members.models import User
from workinggroups.models import Topic

PARTS = (Session, Document, Photo)


@dataclass(frozen=True)
class RefusedLine:
    """A refused cell in words: what stands there now, and what was chosen."""

    label: str
    now: str
    mine: str


def page_context(
    site: AdminSite, request: HttpRequest, meeting: Meeting, refusals: Sequence[Refusal]
) -> dict[str, Any]:
    """Give the variables of the workspace's template; a fixed number of queries."""
    dossier = read_dossier(cast(User, request.user), meeting)
    rows = [row for attendee in dossier.attendance.attendees for row in attendee.rows]
    grid = read_grid(meeting, dossier.sessions, rows, refusals)
    return {
        "dossier": dossier,
        "presidency": meeting.presidency,
        "facts_url": reverse("admin:meetings_meeting_change", args=[meeting.pk]),
        "may_change": _may(request, Meeting, "change"),
        "may_change_session": _may(request, Session, "change"),
        "may_change_topic": _may(request, Topic, "change"),
        "may_change_document": _may(request, Document, "change"),
        "add_urls": {model.__name__.lower(): _add_url(site, request, meeting, model) for model in PARTS},
        "hidden_topics": {topic.pk for topic in dossier.hidden_topics},
        "report": plain_text(meeting.report),
        "missing": _missing(dossier),
        "may_record": may_record_attendance(request.user),
        "may_report": may_record_reports(request.user),
        "grid": grid,
        "states": [("", _("not known")), *Presence.choices],
        "refused": [_line(grid, refusal) for refusal in refusals],
        "figures": key_figures(meeting, dossier.attendance, dossier.totals),
        **_planning(meeting, dossier),
        "sentence": in_a_sentence(meeting, len(dossier.attendance.cities)),
    }


def _planning(meeting: Meeting, dossier: Dossier) -> dict[str, Any]:
    """Give what speaks against the day, and the hour in every member country, as long as the day can be chosen."""
    if not is_still_planned(meeting):
        return {"is_planned": False}
    countries = countries_of_members(meeting.start_on)
    hours = [(session, hours_of(session, countries)) for session in dossier.sessions]
    free = free_days(meeting.start_on, meeting.known_by, countries)
    return {"is_planned": True, "free_days": free, "hours": [pair for pair in hours if pair[1]]}


def _missing(dossier: Dossier) -> list[dict[str, Any]]:
    """Give what matters now: before the meeting what its announcement lacks, afterwards what its page lacks."""
    if dossier.meeting.is_over:
        return [{"heading": _("Before its page tells what happened"), "things": missing_to_publish(dossier)}]
    return [{"heading": _("Before it can be announced"), "things": missing_to_announce(dossier)}]


def _may(request: HttpRequest, model: type[models.Model], act: str) -> bool:
    opts = model._meta
    return request.user.has_perm(f"{opts.app_label}.{act}_{opts.model_name}")


def _add_url(site: AdminSite, request: HttpRequest, meeting: Meeting, model: type[models.Model]) -> str:
    """Give the page on which a part is added to the meeting; "" for those who may not."""
    opts = model._meta
    if not _may(request, model, "add"):
        return ""
    return f"{reverse(f'{site.name}:{opts.app_label}_{opts.model_name}_add')}?meeting={meeting.pk}"


def _line(grid: Grid, refusal: Refusal) -> RefusedLine:
    names = {row.organisation.pk: row.organisation.name for row in grid.rows}
    columns = {column.session: column.label for column in grid.columns}
    organisation = names.get(refusal.edit.organisation, _("an organisation that is no more"))
    column = columns.get(refusal.edit.session, _("a session that is no more"))
    return RefusedLine(f"{organisation} · {column}", _now(refusal), _state(refusal.edit.wanted))


def _now(refusal: Refusal) -> str:
    if refusal.is_gone:
        return _("gone; there is nothing to save to")
    state, row = _state(refusal.stored), refusal.row
    if row is None or row.recorded_by is None:
        return state
    words = {"state": state, "who": row.recorded_by, "when": date_format(localtime(row.recorded_at), "j F Y, H:i")}
    return _("%(state)s (%(who)s, %(when)s)") % words


def _state(state: str) -> str:
    return str(Presence(state).label) if state else _("not known")
