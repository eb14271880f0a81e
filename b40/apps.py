from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DefaultAdminConfig
from django.utils.translation import gettext_lazy as _


class B40Config(AppConfig):
    name = "b40"
    verbose_name = _("B40 Balkan Cities Network")

    def ready(self) -> None:
        from b40 import checks, recorded  # noqa: F401  importing registers checks and history; models must be loaded first
        from b40.old_addresses import keep_from_now_on  # models must be loaded first

        keep_from_now_on()


class AdminConfig(DefaultAdminConfig):
    """Django's admin under the network's own site class."""

    default_site = "b40.admin_site.SecretariatSite"

    def ready(self) -> None:
        super().ready()
        from allauth.account.models import EmailAddress
        from allauth.mfa.models import Authenticator
        from allauth.usersessions.models import UserSession
        from django.contrib import admin  # models must be loaded first
        from django_tasks_db.models import DBTaskResult

        # Letters say themselves what became of them: the tasks behind them are machinery. Addresses, factors and sessions
        # are their owners': what staff does about them stands on the page of the account.
        admin.site.unregister([DBTaskResult, EmailAddress, Authenticator, UserSession])
