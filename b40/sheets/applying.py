"""Apply what was previewed, in one transaction, or nothing; and take an import back."""

from django.db import transaction
from django.utils import timezone

from b40.models import SheetImport
from b40.sheets.plan import Plan, State, plan_of
from b40.sheets.reading import Table
from b40.sheets.tables import SheetTable
from members.history import RestoreRefused, acting, undo
from members.models import User


class Overtaken(Exception):
    """The record changed since the preview: what would happen now is not what was shown."""


class NotClean(Exception):
    """The plan holds problems: nothing is applied before they are mended."""


def apply(table: SheetTable, read: Table, *, digest: str, file_name: str, by: User) -> tuple[Plan, SheetImport]:
    """Do what the preview showed.

    Takes the table as it was read, and the digest of the plan that was shown. Gives the plan and what is remembered of
    the import. Raises Overtaken and NotClean, with nothing written.
    """
    with transaction.atomic(), acting(user=by, reason=f"import of {file_name}"[:300], own_batch=True) as writer:
        plan = plan_of(table, read)
        if plan.digest != digest:
            raise Overtaken
        if not plan.is_clean:
            raise NotClean
        for row in plan.rows:
            if row.state in {State.NEW, State.CHANGED}:
                table.save(row.record)
        remembered = SheetImport.objects.create(
            batch=writer.batch,
            table=table.name,
            file_name=file_name[:200],
            added=plan.count(State.NEW),
            changed=plan.count(State.CHANGED),
            imported_by=by,
        )
    return plan, remembered


@transaction.atomic
def take_back(remembered: SheetImport) -> int:
    """Take back an import: what it added goes, what it changed is as before, as new changes of the history.

    Gives the number of records. Raises RestoreRefused when it was taken back already, or when somebody changed one of
    the records since.
    """
    fresh = SheetImport.objects.select_for_update().get(pk=remembered.pk)
    if fresh.undone_at:
        raise RestoreRefused(["This import was taken back already."])
    number = undo(fresh.batch)
    fresh.undone_at = timezone.now()
    fresh.save(update_fields=["undone_at"])
    return number
