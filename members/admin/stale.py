"""Nothing is overwritten: a form page carries its record's version, and a save that comes too late is refused.

The version is compared under a lock, in the transaction that writes, so nothing can come in between. What was typed is
laid over what others wrote (`members.admin.typed`), shown field by field, and carries the new version.
"""

from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from members.admin.typed import Field, Form, forms_of, lay_over, rearrange, write
from members.admin.words import Words, kind_of, label_of
from members.history import lock, version_of
from members.history.states import undone
from members.history.values import Difference, State
from members.models import Action, Change, place_of

VERSION = "_version"
TAKE_THEIRS = "_theirs"
MOST_SHOWN = 500


@dataclass
class Collision:
    """One record on the page that others changed, or that both sides did."""

    label: str
    kind: str
    changes: list[Change]
    outcome: str = ""
    lines: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class StaleEdit:
    """A save that came too late: who was faster, and what both sides wrote."""

    changes: list[Change]
    collisions: list[Collision] = field(default_factory=list)

    @property
    def who(self) -> list[str]:
        """Who was faster, each once."""
        return list(dict.fromkeys(change.actor for change in self.changes))


class StaleMixin:
    """An admin that refuses to save or delete what somebody else changed meanwhile."""

    if TYPE_CHECKING:
        model: Any
        admin_site: AdminSite

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Give the form; while a save is refused, one that is never valid, so that nothing can be written."""
        form = super().get_form(request, obj, change=change, **kwargs)  # type: ignore[misc]
        return _refusing(form) if getattr(request, "stale_edit", None) else form

    def _changeform_view(self, request: HttpRequest, object_id: str | None, form_url: str, extra: Any) -> HttpResponse:
        key = self._key(object_id)
        if key is None or "_saveasnew" in request.POST:
            return super()._changeform_view(request, object_id, form_url, extra)  # type: ignore[misc, no-any-return]
        if request.method == "POST":
            lock(self.model, key)
        version = version_of(self.model, key)  # before the record itself: see `version_of`
        if request.method == "POST":
            record = self.get_object(request, str(key))  # type: ignore[attr-defined]
            if record is None:
                return self._lost(request, key)
            if request.POST.get(VERSION) != str(version):
                setattr(request, "stale_edit", self._lay_over(request, record))  # noqa: B010  no attribute of every request
            elif TAKE_THEIRS in request.POST:
                self._take_theirs(request, record)
        stale = getattr(request, "stale_edit", None)
        context = {**(extra or {}), "record_version": version, "stale_edit": stale}
        response: HttpResponse = super()._changeform_view(request, object_id, form_url, context)  # type: ignore[misc]
        if stale:
            response.status_code = 409
        return response

    def _delete_view(self, request: HttpRequest, object_id: str, extra: Any) -> HttpResponse:
        key = self._key(object_id)
        if key is not None and request.method == "POST":
            lock(self.model, key)
        version = version_of(self.model, key) if key is not None else 0
        is_stale = request.method == "POST" and request.POST.get(VERSION) != str(version)
        if is_stale:
            request.POST = QueryDict()  # nothing is confirmed: the page asks again
            messages.error(request, _("Somebody changed this record meanwhile. Look at its history before you decide."))
        context = {**(extra or {}), "record_version": version}
        response: HttpResponse = super()._delete_view(request, object_id, context)  # type: ignore[misc]
        if is_stale and response.status_code == 200:
            response.status_code = 409
        return response

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """A bulk action is done as a whole or not at all."""
        if request.method != "POST":
            return super().changelist_view(request, extra_context)  # type: ignore[misc, no-any-return]
        with transaction.atomic():
            return super().changelist_view(request, extra_context)  # type: ignore[misc, no-any-return]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Deleting several records also looks whether they are still what was shown."""
        actions: dict[str, Any] = super().get_actions(request)  # type: ignore[misc]
        if "delete_selected" in actions:
            _function, name, description = actions["delete_selected"]
            actions["delete_selected"] = (delete_unchanged, name, description)
        return actions

    # --- Steps ---

    def _key(self, object_id: str | None) -> Any:
        """Give the key that an address names; None for what is no key."""
        try:
            return None if object_id is None else self.model._meta.pk.to_python(unquote(object_id))
        except ValidationError:
            return None

    def _bound(self, request: HttpRequest, record: models.Model) -> tuple[Form, list[Any]]:
        fields = flatten_fieldsets(self.get_fieldsets(request, record))  # type: ignore[attr-defined]
        form = self.get_form(request, record, change=True, fields=fields)(request.POST, request.FILES, instance=record)
        formsets, _inlines = self._create_formsets(request, record, change=True)  # type: ignore[attr-defined]
        return form, formsets

    def _lay_over(self, request: HttpRequest, record: models.Model) -> StaleEdit:
        """Find what both sides wrote, and put what others wrote into the fields that were left alone."""
        sent = request.POST.get(VERSION, "")
        newer = Change.objects.on_page(place_of(self.model, record.pk)).order_by("-pk")
        # A form that says no version cannot tell what it was opened on: all that differs counts as typed.
        is_version = sent.isascii() and sent.isdigit()
        edit = StaleEdit(list(newer.filter(pk__gt=int(sent))[:MOST_SHOWN]) if is_version else [])
        form, formsets = self._bound(request, record)
        data = request.POST.copy()
        _Layers(edit, data, request, self).lay(form, formsets)
        data.pop(TAKE_THEIRS, None)
        request.POST = data  # type: ignore[assignment]
        return edit

    def _take_theirs(self, request: HttpRequest, record: models.Model) -> None:
        """Put what stands on record into the fields for which that was chosen; the version says it is what was shown."""
        wanted, data = set(request.POST.getlist(TAKE_THEIRS)), request.POST.copy()
        form, formsets = self._bound(request, record)
        for each in forms_of(form, formsets):
            theirs = type(each)(instance=each.instance, prefix=each.prefix)
            for name in theirs.fields:
                if theirs.add_prefix(name) in wanted:
                    write(data, theirs[name])
        request.POST = data  # type: ignore[assignment]

    def _lost(self, request: HttpRequest, key: Any) -> HttpResponse:
        """The record is gone: say who deleted it, and give back what was typed."""
        deletion = Change.objects.of_record(place_of(self.model, key)).first()
        opts = self.model._meta
        skipped = ("csrfmiddlewaretoken", VERSION)
        typed = [
            (label_of(self.model, name), " · ".join(values))
            for name, values in request.POST.lists()
            if any(values) and name not in skipped and not name.endswith("_FORMS") and name[:5] != "_save"
        ]
        site = self.admin_site
        context = {**site.each_context(request), "opts": opts, "deletion": deletion, "typed": typed, "key": key}
        context |= {"title": _("This record was deleted meanwhile"), "subtitle": None}
        context["module_name"] = opts.verbose_name_plural
        return TemplateResponse(request, "admin/record_lost.html", context, status=409)


class _Layers:
    """Lays a page's typed forms over what others wrote, record by record, and notes both for the page."""

    def __init__(self, edit: StaleEdit, data: QueryDict, request: HttpRequest, admin: Any) -> None:
        self.edit = edit
        self.data = data
        self.request = request
        self.site = admin.admin_site
        self.base = undone(edit.changes)
        self.changes: dict[str, list[Change]] = {}
        for change in edit.changes:
            self.changes.setdefault(change.record, []).append(change)
        self.found: list[tuple[Collision, type[models.Model], list[Field]]] = []

    def lay(self, form: Form, formsets: list[Any]) -> None:
        self._lay_form(form, place_of(form._meta.model, form.instance.pk), str(form.instance))
        for formset in formsets:
            self._lay_rows(formset)
        self._note_others()
        differences: list[tuple[type[models.Model], Difference]] = [
            (model, {each.name: [each.base, each.theirs, _sayable(each)] for each in fields})
            for _collision, model, fields in self.found
        ]
        words = Words(differences, self.request, self.site)
        for collision, model, fields in self.found:
            collision.lines = [_line(words, model, each) for each in fields]
            self.edit.collisions.append(collision)

    def _lay_form(self, form: Form, place: str, label: str, outcome: str = "") -> bool:
        """Lay one form over its record; gives whether anything was typed into it."""
        changes = self.changes.pop(place, [])
        fields = lay_over(form, self.base.get(place, {}), self.data)
        if changes or (form.instance.pk and any(each.is_typed for each in fields)):
            kind = str(form._meta.model._meta.verbose_name)
            self.found.append((Collision(label, kind, changes, outcome), form._meta.model, fields))
        return any(each.is_typed for each in fields)

    def _lay_rows(self, formset: Any) -> None:
        kept: list[Form] = []
        loose: list[Form] = []
        pk = formset.model._meta.pk.name
        for form in formset.initial_forms:
            if form.instance.pk is not None:
                kept.append(form)
                marked = _("You marked it for deletion.") if self.data.get(f"{form.prefix}-DELETE") else ""
                self._lay_form(form, place_of(formset.model, form.instance.pk), str(form.instance), marked)
            elif self._lay_gone(form, place_of(formset.model, self.data.get(f"{form.prefix}-{pk}"))):
                loose.append(form)
        rearrange(formset, self.data, kept, [*loose, *formset.extra_forms])

    def _lay_gone(self, form: Form, place: str) -> bool:
        """A row that others deleted stays, as a new one, if something was typed into it."""
        changes, base = self.changes.pop(place, []), self.base.get(place, {})
        nowhere = self.data.copy()  # there is no record to take values from
        fields = [each for each in lay_over(form, base, nowhere) if each.is_typed]
        outcome = _("Deleted; what you typed stands below as a new row.") if fields else _("Deleted.")
        label = changes[0].label if changes else place
        kind = str(form._meta.model._meta.verbose_name)
        self.found.append((Collision(label, kind, changes, outcome), form._meta.model, fields))
        return bool(fields)

    def _note_others(self) -> None:
        """Note what others added, or changed in rows that are not on this page: it stays as it is."""
        for changes in self.changes.values():
            last = changes[0]
            outcome = {
                Action.CREATED: _("Added; it stays."),
                Action.DELETED: _("Deleted."),
                Action.CHANGED: _("Changed; it stays as it is."),
            }[Action(changes[-1].action if last.action == Action.CHANGED else last.action)]
            model = apps.get_model(last.model)
            state: State = {name: values[1] for change in reversed(changes) for name, values in change.fields.items()}
            base = self.base[last.record]
            fields = [Field(name, "", base.get(name), value, None, False, False) for name, value in state.items()]
            self.found.append((Collision(last.label, kind_of(last), changes, outcome), model, fields))


def _sayable(each: Field) -> Any:
    """What was typed, unless it cannot be a value: then it is no key of a record either."""
    return each.mine if each.is_typed and not isinstance(each.mine, str) else None


def _line(words: Words, model: type[models.Model], each: Field) -> dict[str, Any]:
    mine = ""
    if each.is_typed:
        mine = each.mine if _is_unreadable(model, each) else words.say(model, each.name, each.mine)
    return {
        "field": label_of(model, each.name),
        "base": words.say(model, each.name, each.base),
        "theirs": words.say(model, each.name, each.theirs),
        "mine": mine,
        "is_contested": each.is_contested,
        "is_typed": each.is_typed,
        "key": each.key,
    }


def _is_unreadable(model: type[models.Model], each: Field) -> bool:
    """Whether what was typed is text where a key, a day or a number belongs."""
    field = model._meta.get_field(each.name)
    if field.related_model:
        return isinstance(each.mine, str) and not isinstance(each.theirs, str)
    try:
        field.to_python(each.mine)  # type: ignore[union-attr]
    except ValidationError:
        return True
    return False


def _refusing(form: type[ModelForm[Any]]) -> type[ModelForm[Any]]:
    class Refusing(form):  # type: ignore[valid-type, misc]
        def clean(self) -> Any:
            cleaned = super().clean()
            self.add_error(None, _("Not saved: somebody else changed this record while you were writing."))
            return cleaned

    return Refusing


@wraps(delete_selected)
def delete_unchanged(admin: Any, request: HttpRequest, queryset: models.QuerySet[Any]) -> Any:
    """Delete the selected records, unless one of them changed since the question was asked: then ask again."""
    keys = list(queryset.values_list("pk", flat=True))
    if request.POST.get("post"):
        for key in sorted(keys):
            lock(queryset.model, key)
    version = Change.objects.version()
    sent = request.POST.get(VERSION, "")
    places = [place_of(queryset.model, key) for key in keys]
    newer = Change.objects.filter(Q(record__in=places) | Q(part_of__in=places)).version()
    if request.POST.get("post") and (not sent.isdigit() or newer > int(sent)):
        messages.error(request, _("Somebody changed one of these records meanwhile: look again before you decide."))
        data = request.POST.copy()
        del data["post"]
        request.POST = data  # type: ignore[assignment]
    response = delete_selected(admin, request, queryset)
    if isinstance(response, TemplateResponse) and response.context_data is not None:
        response.context_data["record_version"] = version
    return response
