"""Relations in the admin: always found by typing, and labelled in one query however many rows a form has.

Outside the package of admin pages, since the admin site itself needs it before any page is registered.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Protocol

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import (
    AutocompleteSelect,
    AutocompleteSelectMultiple,
    RelatedFieldWidgetWrapper,
)
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.forms import BaseInlineFormSet, ModelForm, SplitDateTimeField
from django.http import HttpRequest

Labels = dict[str, str]


class LabelSource(Protocol):
    """What names the options of a relation: see `RecordAdmin.option_label`."""

    def option_label(self, record: Any) -> str: ...


class OptionWidget:
    """A select that offers what is typed for, and shows what is chosen under the related admin's label for it."""

    if TYPE_CHECKING:
        choices: Any
        field: Any
        admin_site: AdminSite
        is_required: bool
        allow_multiple_selected: bool
        create_option: Callable[..., dict[str, Any]]

    batch: "OptionBatch | None" = None

    def optgroups(
        self, name: str, value: Iterable[Any], attrs: Any = None
    ) -> list[tuple[None, list[dict[str, Any]], int]]:
        """Give the chosen options alone; the others are fetched when somebody types."""
        chosen = [str(item) for item in value if item not in (None, "")]
        labels = self.batch.labels if self.batch else self.labels_of(chosen)
        options = (
            [] if self.is_required or self.allow_multiple_selected else [self.create_option(name, "", "", False, 0)]
        )
        options += [
            self.create_option(name, item, labels[item], True, at) for at, item in enumerate(chosen) if item in labels
        ]
        return [(None, options, 0)]

    def labels_of(self, chosen: Iterable[str]) -> Labels:
        """Read the labels of chosen records in one query; what is no key of a record is left out."""
        queryset = self.choices.queryset
        keys = {key for item in chosen if (key := _as_key(queryset.model, item)) is not None}
        if not keys:
            return {}
        source = self.admin_site.get_model_admin(queryset.model)
        return {str(record.pk): source.option_label(record) for record in queryset.filter(pk__in=keys)}  # type: ignore[attr-defined]


class OptionSelect(OptionWidget, AutocompleteSelect):  # type: ignore[misc]
    """One related record."""


class OptionSelectMultiple(OptionWidget, AutocompleteSelectMultiple):  # type: ignore[misc]
    """Several related records."""


class OptionBatch:
    """The labels of one relation for all rows of a formset, read together when the first row is drawn."""

    def __init__(self, formset: "RecordFormSet", name: str) -> None:
        self.formset = formset
        self.name = name
        self._labels: Labels | None = None

    @property
    def labels(self) -> Labels:
        if self._labels is None:
            widget = self.formset.empty_form.fields[self.name].widget
            self._labels = widget.labels_of(self._chosen())
        return self._labels

    def _chosen(self) -> set[str]:
        values = (form[self.name].value() for form in self.formset.forms if self.name in form.fields)
        flat = (item for value in values for item in (value if isinstance(value, list | tuple) else [value]))
        return {str(item) for item in flat if item not in (None, "")}


class RecordFormSet(BaseInlineFormSet[Any, Any, Any]):
    """Rows of an inline: labels in one query per relation, and each broken rule told in the words of its constraint."""

    skips_untouched_rows = False

    def add_fields(self, form: ModelForm[Any], index: int | None) -> None:
        super().add_fields(form, index)
        for name, field in form.fields.items():
            if isinstance(field.widget, OptionWidget):
                field.widget.batch = self._batch(name)
            if not field.widget.is_hidden:  # a row's cells have no labels of their own
                field.widget.attrs.setdefault("aria-label", str(field.label or name))
        # A row that nobody touched is neither checked nor saved: saving costs by rows changed, not by rows shown.
        form.empty_permitted = form.empty_permitted or self.skips_untouched_rows

    def validate_unique(self) -> None:
        """Refuse two rows that the database could not keep side by side, with the constraint's own message."""
        for constraint in self.form._meta.model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
                self._refuse_repeated(constraint)

    def _refuse_repeated(self, constraint: models.UniqueConstraint) -> None:
        seen: set[tuple[Any, ...]] = set()
        names = [name for name in constraint.fields if name != self.fk.name]
        for form in self._kept_forms():
            key = tuple(getattr(form.instance, form.instance._meta.get_field(name).attname) for name in names)
            if None in key or not key:
                continue
            if key in seen:
                message = str(constraint.get_violation_error_message())
                form.add_error(NON_FIELD_ERRORS, message)
                raise ValidationError(message)
            seen.add(key)

    def _kept_forms(self) -> list[ModelForm[Any]]:
        filled = (form for form in self.forms if form.is_valid() and (form.instance.pk or form.has_changed()))
        return [form for form in filled if form not in self.deleted_forms]

    def _batch(self, name: str) -> OptionBatch:
        batches: dict[str, OptionBatch] = self.__dict__.setdefault("_batches", {})
        return batches.setdefault(name, OptionBatch(self, name))


class OptionView(AutocompleteJsonView):
    """Options under the same labels as chosen ones."""

    def serialize_result(self, obj: models.Model, to_field_name: str) -> dict[str, str]:
        label = getattr(self.model_admin, "option_label", str)  # Django's own admins, such as that of groups, have none
        return {"id": str(getattr(obj, to_field_name)), "text": label(obj)}


class RelationsMixin:
    """Every relation of a form is an `OptionSelect`, so that no page ever carries a list of all cities."""

    if TYPE_CHECKING:
        admin_site: AdminSite

    links_to_related = True

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("widget", OptionSelect(db_field, self.admin_site))
        kwargs.setdefault("queryset", self._options(db_field, request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("widget", OptionSelectMultiple(db_field, self.admin_site))
        kwargs.setdefault("queryset", self._options(db_field, request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = (
                False  # records are deleted on their own page, which says what refers to them
            )
            field.widget = field.widget if self.links_to_related else field.widget.widget
        if isinstance(field, SplitDateTimeField):
            field.widget.attrs.setdefault("aria-label", str(field.label))  # its date and time have no labels
        return field

    def _options(self, db_field: Any, request: HttpRequest) -> models.QuerySet[Any]:
        return self.admin_site.get_model_admin(db_field.remote_field.model).get_queryset(request)


def _as_key(model: type[models.Model], value: str) -> Any:
    try:
        return model._meta.pk.clean(value, None)  # a number may be none that the database can hold
    except ValidationError:
        return None
