from members.admin import accounts, addresses, countries, organisations, presidencies

__all__ = ["accounts", "addresses", "countries", "organisations", "presidencies"]
