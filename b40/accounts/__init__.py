"""Accounts: how somebody comes to one, signs in, and keeps it safe. The rest is django-allauth's."""
