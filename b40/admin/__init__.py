from b40.admin import accounts, loaded, moving, old_addresses, organisations, privacy, proposals, sheets

__all__ = ["accounts", "loaded", "moving", "old_addresses", "organisations", "privacy", "proposals", "sheets"]
