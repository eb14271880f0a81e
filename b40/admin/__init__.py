from b40.admin import loaded, old_addresses, organisations

__all__ = ["loaded", "old_addresses", "organisations"]
