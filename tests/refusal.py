import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction


def refused(instance: models.Model, constraint: str, message: str) -> None:
    """Show that a named constraint holds twice: validation says its message, and the database refuses the row.

    SQLite does not name unique constraints in its errors, so there the kind of error has to do.
    """
    with pytest.raises(ValidationError) as told:
        instance.validate_constraints()
    assert message in str(told.value)
    with pytest.raises(IntegrityError) as stopped, transaction.atomic():
        models.Model.save(instance)
    assert constraint in str(stopped.value) or "UNIQUE constraint failed" in str(stopped.value)
