from b40.models.loaded import LoadedRecord
from b40.models.moving import ImportedPost, OldAddress

__all__ = ["ImportedPost", "LoadedRecord", "OldAddress"]
