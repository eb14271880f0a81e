from b40.admin import loaded, moving, old_addresses, organisations, privacy, sheets

__all__ = ["loaded", "moving", "old_addresses", "organisations", "privacy", "sheets"]
