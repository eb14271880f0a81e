"""What a meeting's workspace shows, each part with the page on which it is mended."""

from typing import Any, cast

from django.contrib.admin import AdminSite
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from meetings.admin.lifecycle import life_of
from meetings.dossier import Dossier, read_dossier
from meetings.figures import key_figures
from meetings.inviting.overview import read_standing
from meetings.minutes.outcomes import arising_by_session
from meetings.minutes.page import arising_at
from meetings.models import ActionItem, Document, JoiningInstructions, Meeting, MeetingTemplate, Photo, Session
from meetings.permissions import (
    may_invite,
    may_record_attendance,
    may_record_reports,
    may_see_invitations,
    may_see_polls,
    may_write_agenda,
)
from meetings.readiness import missing_to_announce, missing_to_publish
from meetings.scheduling import countries_of_members, free_days, hours_of, is_still_planned
from meetings.structured import in_a_sentence
from meetings.texts import plain_text
from members.models import User
from workinggroups.models import Topic

PARTS = (Session, Document, Photo)


def page_context(site: AdminSite, request: HttpRequest, meeting: Meeting) -> dict[str, Any]:
    """Give the variables of the workspace's template; a fixed number of queries."""
    dossier = read_dossier(cast(User, request.user), meeting)
    return {
        "dossier": dossier,
        "presidency": meeting.presidency,
        "facts_url": reverse("admin:meetings_meeting_change", args=[meeting.pk]),
        "may_change": _may(request, Meeting, "change"),
        "may_keep_template": _may(request, MeetingTemplate, "add"),
        "may_change_session": _may(request, Session, "change"),
        "may_change_topic": _may(request, Topic, "change"),
        "may_change_document": _may(request, Document, "change"),
        "add_urls": {model.__name__.lower(): _add_url(site, request, meeting, model) for model in PARTS},
        "arising": _arising(cast(User, request.user), dossier),
        "hidden_topics": {topic.pk for topic in dossier.hidden_topics},
        "report": plain_text(meeting.report),
        "missing": _missing(dossier),
        "may_write_agenda": may_write_agenda(request.user) and not meeting.is_closed,
        "may_record": may_record_attendance(request.user) and not meeting.is_closed,
        "may_report": may_record_reports(request.user) and not meeting.is_closed,
        "figures": key_figures(meeting, dossier.attendance, dossier.totals),
        **_planning(meeting, dossier),
        **life_of(meeting),
        **_inviting(request, meeting, dossier),
        "joining": _joining(request, dossier),
        "sentence": in_a_sentence(meeting, len(dossier.attendance.cities)),
    }


def _arising(user: User, dossier: Dossier) -> list[tuple[Session, list[ActionItem]]]:
    """Give the sessions that take up matters arising, with these; what a session does not take up is left out."""
    found = arising_by_session(dossier.sessions, arising_at(user, dossier.meeting))
    return [(session, found[session.pk]) for session in dossier.sessions if session.pk in found]


def _planning(meeting: Meeting, dossier: Dossier) -> dict[str, Any]:
    """Give what speaks against the day, and the hour in every member country, as long as the day can be chosen."""
    if not is_still_planned(meeting):
        return {"is_planned": False}
    countries = countries_of_members(meeting.start_on)
    hours = [(session, hours_of(session, countries)) for session in dossier.sessions]
    free = free_days(meeting.start_on, meeting.known_by, countries)
    return {"is_planned": True, "free_days": free, "hours": [pair for pair in hours if pair[1]]}


def _inviting(request: HttpRequest, meeting: Meeting, dossier: Dossier) -> dict[str, Any]:
    """Give how invitations and date poll stand, to those who may see that."""
    sees = may_see_invitations(request.user)
    return {
        "standing": read_standing(meeting, dossier.sessions) if sees else None,
        "may_invite": may_invite(request.user),
        "has_poll_page": may_see_polls(request.user) and (meeting.is_draft or hasattr(meeting, "date_poll")),
    }


def _joining(request: HttpRequest, dossier: Dossier) -> list[dict[str, Any]]:
    """Give how the meeting and each of its sessions is joined, with the page on which that is written."""
    rows = JoiningInstructions.objects.visible_to(cast(User, request.user)).filter(meeting=dossier.meeting)
    known = {row.session_id: row for row in rows.with_times()}
    labels = [(None, _("The whole meeting")), *((session.pk, str(session)) for session in dossier.sessions)]
    return [
        {"label": label, "row": known.get(key), "url": _joining_url(request, dossier.meeting, key, known.get(key))}
        for key, label in labels
    ]


def _joining_url(request: HttpRequest, meeting: Meeting, session: int | None, row: JoiningInstructions | None) -> str:
    if not _may(request, JoiningInstructions, "change" if row else "add"):
        return ""
    if row:
        return reverse("admin:meetings_joininginstructions_change", args=[row.pk])
    asked = {"meeting": meeting.pk, **({"session": session} if session else {})}
    return f"{reverse('admin:meetings_joininginstructions_add')}?{urlencode(asked)}"


def _missing(dossier: Dossier) -> list[dict[str, Any]]:
    """Give what matters now: before the meeting what its announcement lacks, afterwards what its page lacks."""
    if dossier.meeting.is_over:
        return [{"heading": _("Before its page tells what happened"), "things": missing_to_publish(dossier)}]
    heading = _("Before it can be announced") if dossier.meeting.is_draft else _("What those invited still miss")
    return [{"heading": heading, "things": missing_to_announce(dossier)}]


def _may(request: HttpRequest, model: type[models.Model], act: str) -> bool:
    opts = model._meta
    return request.user.has_perm(f"{opts.app_label}.{act}_{opts.model_name}")


def _add_url(site: AdminSite, request: HttpRequest, meeting: Meeting, model: type[models.Model]) -> str:
    """Give the page on which a part is added to the meeting; "" for those who may not."""
    opts = model._meta
    if not _may(request, model, "add"):
        return ""
    return f"{reverse(f'{site.name}:{opts.app_label}_{opts.model_name}_add')}?meeting={meeting.pk}"
