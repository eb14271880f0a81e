"""Organisations, with what concerns every app: merging two records of one."""

from django.contrib import admin

from b40.admin.merging import MergeMixin
from members.admin.organisations import OrganisationAdmin
from members.models import Organisation

admin.site.unregister(Organisation)


@admin.register(Organisation)
class MergeableOrganisationAdmin(MergeMixin, OrganisationAdmin):
    """The register's page of an organisation, from which two records can also become one."""

    actions = ["merge_selected"]
