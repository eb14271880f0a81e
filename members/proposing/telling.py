"""A proposal in words and pictures: what a field said, says by now, and would say."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from members.models import PICTURES, Organisation, ProposedChange
from members.pictures import PictureFile
from members.proposing.writing import present_state

NOTHING = "–"


@dataclass(frozen=True)
class ProposedLine:
    """One field of a proposal. Pictures have addresses as long as they are kept; all else has words."""

    name: str
    label: str
    before: str
    now: str
    after: str
    is_picture: bool
    is_moved: bool  # whether the record holds something else than when it was proposed
    refusal: str
    now_picture: PictureFile | None = None
    after_picture: PictureFile | None = None


def lines_of(proposal: ProposedChange) -> list[ProposedLine]:
    """Tell a proposal field by field, in the order of the record's form. Asks no query where `organisation` is read."""
    now = present_state(proposal.organisation)
    order = {field.name: number for number, field in enumerate(Organisation._meta.fields)}
    names = sorted(proposal.fields, key=lambda name: order.get(name, len(order)))
    return [_line(proposal, name, now.get(name)) for name in names]


def label_of(name: str) -> str:
    """Name a field as the forms do."""
    try:
        return str(capfirst(Organisation._meta.get_field(name).verbose_name))  # type: ignore[union-attr]  # columns only
    except FieldDoesNotExist:
        return name


def _line(proposal: ProposedChange, name: str, now: Any) -> ProposedLine:
    before, after = proposal.fields[name]
    is_picture = name in PICTURES
    return ProposedLine(
        name=name,
        label=label_of(name),
        before=_said(before, is_picture),
        now=_said(now, is_picture),
        after=_said(after, is_picture),
        is_picture=is_picture,
        is_moved=proposal.is_waiting and now != before,
        refusal=proposal.refused.get(name, ""),
        now_picture=_kept(getattr(proposal.organisation, name)) if is_picture else None,
        after_picture=_kept(getattr(proposal, name)) if is_picture else None,
    )


def _said(value: Any, is_picture: bool) -> str:
    if value in (None, "", []):
        return _("no picture") if is_picture else NOTHING
    if is_picture:
        return _("a picture")
    return "\n".join(value) if isinstance(value, list) else str(value)


def _kept(file: PictureFile) -> PictureFile | None:
    return file or None
