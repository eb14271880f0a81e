"""Ready templates, for a secretariat that has none yet."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from meetings.models import MeetingKind, MeetingTemplate, Mode, TemplateSession
from members.models import User
from workinggroups.models import WorkingGroup


@dataclass(frozen=True)
class _Part:
    """A session; `group` None for the plenary."""

    title: str
    minutes: int
    items: str = ""
    group: WorkingGroup | None = None
    day: int = 1
    pause: int = 0


@transaction.atomic
def make_ready_templates(*, by: User) -> list[MeetingTemplate]:
    """Make the ready templates that are not there by their names: ordinary ones, to be edited. Gives the new ones."""
    groups = list(WorkingGroup.objects.order_by("order", "name"))
    found = [_online_round(groups), _round_in_person(groups), _board(), _summit()]
    there = set(MeetingTemplate.objects.values_list("name", flat=True))
    return [_make(template, parts) for template, parts in found if template.name not in there]


def _make(template: MeetingTemplate, parts: list[_Part]) -> MeetingTemplate:
    template.save()
    for order, part in enumerate(parts, 1):
        session = TemplateSession.objects.create(
            template=template, title=part.title, day=part.day, pause=part.pause, minutes=part.minutes, items=part.items, order=order
        )  # fmt: skip
        session.working_groups.set([part.group] if part.group else [])
    return template


def _online_round(groups: list[WorkingGroup]) -> tuple[MeetingTemplate, list[_Part]]:
    template = MeetingTemplate(
        name=_("Online round of the working groups"),
        title=_("Online working group meetings, {month} {year}"),
        starts=dt.time(10),
    )
    items = "\n".join([_("5 Opening"), _("10 Matters arising"), _("45 Topics"), _("10 Next steps")])
    parts = [_Part("", 75, items, group, pause=15 if place else 0) for place, group in enumerate(groups)]
    return template, parts or [_Part(_("Plenary"), 75, items)]


def _round_in_person(groups: list[WorkingGroup]) -> tuple[MeetingTemplate, list[_Part]]:
    template = MeetingTemplate(
        name=_("Face-to-face round of the working groups"),
        title=_("Working group meetings, {month} {year}"),
        mode=Mode.IN_PERSON,
        starts=dt.time(9, 30),
    )
    items = "\n".join([_("10 Matters arising"), _("60 Topics"), _("20 Next steps")])
    welcome = _Part(_("Welcome by the host city"), 30)
    return template, [
        welcome,
        *[_Part("", 90, items, group, pause=15) for group in groups],
        _Part(_("Technical visit"), 120, day=2),
    ]


def _board() -> tuple[MeetingTemplate, list[_Part]]:
    template = MeetingTemplate(
        name=_("Executive Board"), title=_("Executive Board, {month} {year}"), kind=MeetingKind.BOARD, mode=Mode.HYBRID
    )
    items = "\n".join([_("10 Opening"), _("20 Matters arising"), _("60 Decisions"), _("15 Dates to come")])
    return template, [_Part(_("Meeting of the board"), 120, items)]


def _summit() -> tuple[MeetingTemplate, list[_Part]]:
    template = MeetingTemplate(
        name=_("Summit of three days"),
        title=_("Summit of the B40 Balkan Cities Network, {year}"),
        kind=MeetingKind.SUMMIT,
        mode=Mode.IN_PERSON,
        starts=dt.time(9, 30),
    )
    parts = [
        _Part(_("Arrival and welcome dinner"), 180, pause=540),
        _Part(_("Opening and admission of new members"), 90, day=2),
        _Part(
            _("General Assembly"),
            120,
            _("30 Yearly report") + "\n" + _("60 Elections") + "\n" + _("30 Declaration"),
            day=2,
            pause=30,
        ),
        _Part(_("Handover of the presidency"), 45, day=2, pause=60),
        _Part(_("Executive Board"), 90, day=2, pause=15),
        _Part(_("Panels of the working groups"), 180, day=3),
        _Part(_("Bilateral meetings of the mayors"), 120, day=3, pause=60),
    ]
    return template, parts
