"""The latest changes to the record as the dashboard lists them: by whom, and what belongs together at once."""

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from members.models import Change

if TYPE_CHECKING:
    from members.models import User

BATCHES = 8
READ = 400  # changes: the latest batches are looked for among so many
PLACES = 3  # records named of a batch


@dataclass(frozen=True)
class Touched:
    """A record that a batch changed, or whose parts it changed, with its history."""

    label: str
    url: str


@dataclass
class Batch:
    """What was written at once."""

    at: dt.datetime
    actor: str
    reason: str
    changes: int
    is_cut: bool  # whether more changes belong to it than were read
    places: dict[str, str] = field(default_factory=dict)  # with the label, where the record itself was changed
    touched: list[Touched] = field(default_factory=list)

    @property
    def more(self) -> int:
        return len(self.places) - len(self.touched)


def latest_batches(user: "User") -> list[Batch]:
    """Give the latest changes that a user may look at, grouped by what was written at once; two queries."""
    kinds = [model._meta.label_lower for model in apps.get_models() if may_view(user, model)]
    columns = ("batch", "at", "actor", "reason", "record", "part_of", "label")
    changes = Change.objects.filter(model__in=kinds).order_by("-pk").only(*columns)
    read = list(changes[:READ])
    together: dict[object, list[Change]] = {}
    for change in read:
        together.setdefault(change.batch, []).append(change)
    is_more = len(read) == READ
    shown = [_batch(each, is_more and each[-1] is read[-1]) for each in list(together.values())[:BATCHES]]
    _name(user, shown)
    return shown


def _batch(changes: list[Change], is_cut: bool) -> Batch:
    """Put together what was written at once: one change by its own name, several by the records they are parts of."""
    first = changes[0]
    batch = Batch(first.at, first.actor, first.reason, len(changes), is_cut)
    for change in changes:
        place = (len(changes) > 1 and change.part_of) or change.record
        batch.places[place] = batch.places.get(place) or (change.label if place == change.record else "")
    return batch


def may_view(user: "User", model: type[Model]) -> bool:
    """Whether a user may look at records of a model in the admin."""
    opts = model._meta
    rights = (f"{opts.app_label}.{act}_{opts.model_name}" for act in ("view", "change"))
    return admin.site.is_registered(model) and any(user.has_perm(right) for right in rights)


def _name(user: "User", batches: list[Batch]) -> None:
    """Fill in the records to name; one that itself was not changed there goes by the name it was last written under."""
    wanted = [(batch, place, batch.places[place]) for batch in batches for place in list(batch.places)[:PLACES]]
    nameless = {place for _batch, place, label in wanted if not label}
    written = Change.objects.filter(record__in=nameless).order_by("pk").values_list("record", "label")
    names = dict(written) if nameless else {}
    for batch, place, label in wanted:
        batch.touched.append(Touched(label or names.get(place) or _kind(place), _history_url(user, place)))


def _kind(place: str) -> str:
    label, _colon, key = place.partition(":")
    return _("%(kind)s %(key)s") % {"kind": capfirst(apps.get_model(label)._meta.verbose_name), "key": key}


def _history_url(user: "User", place: str) -> str:
    """Give the page with a record's history; "" for those who may not see it."""
    label, _colon, key = place.partition(":")
    model = apps.get_model(label)
    opts = model._meta
    if not may_view(user, model):
        return ""
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_history", args=[key])
