from members.admin import accounts, countries, organisations, presidencies

__all__ = ["accounts", "countries", "organisations", "presidencies"]
