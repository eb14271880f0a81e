from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """An account: today of the secretariat's staff."""
