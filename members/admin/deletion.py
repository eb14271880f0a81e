"""What deleting a record would take along, and what forbids it, told in a few lines however much there is."""

from collections.abc import Iterable
from typing import Any, cast

from django.contrib.admin import AdminSite
from django.contrib.admin.utils import NestedObjects, quote
from django.db import models, router
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

SAMPLE = 20

Groups = dict[type[models.Model], set[models.Model]]
Summary = tuple[list[Any], dict[str, int], set[str], list[Any]]


def deletion_summary(objs: Iterable[models.Model], request: HttpRequest, site: AdminSite) -> Summary:
    """Tell what deleting records means.

    Gives what Django's admin asks for: the records that would go (a sample of each kind), their numbers by kind, the
    kinds that the user may not delete, and the records that refer to them, by a column or in a list, and so forbid it.
    Asks a few queries per kind, whatever the number of records.
    """
    chosen = list(objs)
    if not chosen:
        return [], {}, set(), []
    collector = NestedObjects(using=router.db_for_write(type(chosen[0])), origin=objs)
    collector.collect(chosen)
    by_model = cast(Groups, collector.model_objs)
    going = {model: found for model, found in by_model.items() if not model._meta.auto_created}
    counts = {str(model._meta.verbose_name_plural): len(found) for model, found in going.items()}
    lacking = {str(model._meta.verbose_name) for model in going if not _may_delete(model, request, site)}
    referring = _keys(_by_model(collector.protected))
    for model, keys in _listing(by_model).items():
        referring.setdefault(model, set()).update(keys)
    return _lines(_keys(going), request, site), counts, lacking, _lines(referring, request, site)


def _listing(by_model: Groups) -> dict[type[models.Model], set[Any]]:
    """Give the keys of records that stay and list a record that would go among their sources, topics, groups …

    A relation to many is no column, so the database cannot protect what it points to.
    """
    listing: dict[type[models.Model], set[Any]] = {}
    for through, links in by_model.items():
        owner = cast("type[models.Model] | None", through._meta.auto_created or None)
        if not owner:
            continue
        field = next(each for each in owner._meta.many_to_many if each.remote_field.through is through)
        owners = {getattr(link, f"{field.m2m_field_name()}_id") for link in links}
        staying = owners - {record.pk for record in by_model.get(owner, ())}
        if staying:
            listing.setdefault(owner, set()).update(staying)
    return listing


def _by_model(records: Iterable[models.Model]) -> Groups:
    groups: Groups = {}
    for record in records:
        groups.setdefault(type(record), set()).add(record)
    return groups


def _may_delete(model: type[models.Model], request: HttpRequest, site: AdminSite) -> bool:
    return not site.is_registered(model) or site.get_model_admin(model).has_delete_permission(request)


def _keys(groups: Groups) -> dict[type[models.Model], set[Any]]:
    return {model: {record.pk for record in records} for model, records in groups.items()}


def _lines(groups: dict[type[models.Model], set[Any]], request: HttpRequest, site: AdminSite) -> list[Any]:
    lines: list[Any] = []
    for model, keys in sorted(groups.items(), key=lambda pair: str(pair[0]._meta.verbose_name_plural)):
        sample = site.get_model_admin(model).get_queryset(request).filter(pk__in=sorted(keys)[:SAMPLE])
        label = getattr(site.get_model_admin(model), "option_label", str)
        links = [_link(record, label(record)) for record in sample]
        if len(keys) > SAMPLE:
            links.append(_("… and %(number)s more") % {"number": len(keys) - SAMPLE})
        name = model._meta.verbose_name if len(keys) == 1 else model._meta.verbose_name_plural
        lines += [f"{len(keys)} {name}", links]
    return lines


def _link(record: models.Model, label: str) -> str:
    opts = record._meta
    address = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[quote(record.pk)])
    return format_html('<a href="{}">{}</a>', address, capfirst(label))
