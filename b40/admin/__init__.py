from b40.admin import loaded, moving

__all__ = ["loaded", "moving"]
