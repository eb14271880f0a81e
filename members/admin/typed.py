"""What somebody typed into a form page, laid over what others wrote meanwhile, field by field."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import BaseForm, BaseInlineFormSet, FileField, ModelForm, MultiWidget
from django.forms.boundfield import BoundField
from django.http import QueryDict

from members.history.values import State, link_fields, loaded, own_fields, stored

Form = ModelForm[Any]


@dataclass
class Field:
    """One field of which what was typed, what stands there now, and what stood there before are not all the same."""

    name: str
    key: str
    base: Any
    theirs: Any
    mine: Any
    is_typed: bool
    is_contested: bool


def lay_over(form: Form, base: State, data: QueryDict) -> list[Field]:
    """Put what others wrote into every field that the person left alone; what was typed stays.

    Takes a bound form over the record as it stands now, what the fields that others changed held when the page was
    opened, and the data to write into. Gives the fields that either side changed.
    """
    now = dict(form.initial)
    # What was on the page when it was opened: against this, and not against the record, typing shows.
    model = cast(type[Model], form._meta.model)
    fields: dict[str, Any] = {field.name: field for field in (*own_fields(model), *link_fields(model))}
    form.initial.update({name: loaded(fields[name], value) for name, value in base.items() if name in fields})
    typed = set(form.changed_data)
    found = []
    for name in type(form).base_fields:
        if name not in fields or (name not in typed and name not in base):
            continue
        if name in base and name not in typed:
            write(data, type(form)(instance=form.instance, prefix=form.prefix)[name])
        found.append(_field(form, name, base, now, name in typed))
    return found


def _field(form: Form, name: str, base: State, now: dict[str, Any], is_typed: bool) -> Field:
    theirs = _stored(form, name, now.get(name))
    mine = typed_value(form, name) if is_typed else None
    return Field(
        name=name,
        key=form.add_prefix(name),
        base=base.get(name, theirs),
        theirs=theirs,
        mine=mine,
        is_typed=is_typed,
        is_contested=is_typed and name in base and mine != theirs,
    )


def typed_value(form: Form, name: str) -> Any:
    """Give what was typed as the history would store it; what cannot be read as a value comes back as it was typed."""
    bound = form[name]
    try:
        return _stored(form, name, bound.field.clean(bound.data))
    except ValidationError:
        return bound.data
    except TypeError:  # a file field also wants what it held
        return str(bound.data or "")


def _stored(form: Form, name: str, value: Any) -> Any:
    model = cast(type[Model], form._meta.model)
    field: Any = model._meta.get_field(name)
    if field.many_to_many:
        return sorted(getattr(each, "pk", each) for each in value or ())
    if field.related_model:
        value = getattr(value, "pk", value)
    return stored(field, value)


def write(data: QueryDict, bound: BoundField) -> None:
    """Write a field's value into posted data as a browser would send it."""
    value, widget, name = bound.value(), bound.field.widget, bound.html_name
    if isinstance(bound.field, FileField):
        return
    if isinstance(widget, MultiWidget):
        for at, part in enumerate(widget.decompress(value) or ()):
            data[f"{name}_{at}"] = "" if part is None else str(part)
    elif isinstance(value, list | tuple):
        data.setlist(name, [str(each) for each in value])
    elif isinstance(value, bool):
        data.setlist(name, ["on"] if value else [])
    else:
        data[name] = "" if value is None else str(value)


def rearrange(formset: BaseInlineFormSet[Any, Any, Any], data: QueryDict, kept: list[Form], loose: list[Form]) -> None:
    """Number the rows anew: those still there, then those that are new, or become so because their row is gone."""
    sent, pk = data.copy(), formset.form._meta.model._meta.pk.name
    for form in formset.forms:
        for key in _keys_of(data, form):
            del data[key]
    for number, form in enumerate([*kept, *loose]):
        for key in _keys_of(sent, form):
            name = key.removeprefix(f"{form.prefix}-")
            is_key = name == pk and form in loose
            data.setlist(f"{formset.prefix}-{number}-{name}", [""] if is_key else sent.getlist(key))
    data[f"{formset.prefix}-INITIAL_FORMS"] = str(len(kept))
    data[f"{formset.prefix}-TOTAL_FORMS"] = str(len(kept) + len(loose))


def _keys_of(data: QueryDict, form: BaseForm) -> list[str]:
    return [key for key in data if key.startswith(f"{form.prefix}-")]


def forms_of(form: Form, formsets: Iterable[Any]) -> Iterator[Form]:
    """Every form of a page: the record's own, and those of its rows."""
    yield form
    for formset in formsets:
        yield from formset.forms
