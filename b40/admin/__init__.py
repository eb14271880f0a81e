from b40.admin import loaded, moving, old_addresses, organisations

__all__ = ["loaded", "moving", "old_addresses", "organisations"]
