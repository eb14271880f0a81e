"""Form parts of the register: texts kept as a list, and forms that check every rule of a record."""

from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import InlineForeignKeyField
from django.utils.translation import gettext_lazy as _

M = TypeVar("M", bound=models.Model)


class LinesField(forms.CharField):
    """A list of short texts, written one per line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def __init__(self, *, max_line: int = 200, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.max_line = max_line

    def prepare_value(self, value: Any) -> Any:
        """Show a stored list as lines; text that was typed stays as typed."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Read lines into a list, without blank ones."""
        text = "\n".join(value) if isinstance(value, list) else (value or "")
        return [line.strip() for line in text.splitlines() if line.strip()]

    def validate(self, value: Any) -> None:
        """Refuse a line that is too long. Raises ValidationError with the line's number."""
        super().validate(value)
        for number, line in enumerate(value, start=1):
            if len(line) > self.max_line:
                raise ValidationError(
                    _("Line %(number)s is longer than %(limit)s characters."),
                    params={"number": number, "limit": self.max_line},
                )

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(initial) != self.to_python(data))


class RecordForm(forms.ModelForm[M]):
    """A model form that checks every constraint of the model, those on fields outside the form included.

    Django's own skips a constraint when one of its fields is no form field, and the database then answers with an
    error page.
    """

    def validate_constraints(self) -> None:
        """Check all constraints whose fields were filled in validly."""
        try:
            self.instance.validate_constraints(exclude=set(self.errors) | self._unsaved_parents())
        except ValidationError as error:
            self._update_errors(error)  # type: ignore[attr-defined]

    def _unsaved_parents(self) -> set[str]:
        inline = ((name, field) for name, field in self.fields.items() if isinstance(field, InlineForeignKeyField))
        return {
            name for name, field in inline if field.parent_instance is not None and field.parent_instance.pk is None
        }
