from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = _("Register")

    def ready(self) -> None:
        from members import recorded, searched  # noqa: F401  importing starts history and search; models must be loaded first
