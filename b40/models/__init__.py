from b40.models.loaded import LoadedRecord
from b40.models.moving import ImportedPost, OldAddress
from b40.models.sheets import SheetImport

__all__ = ["ImportedPost", "LoadedRecord", "OldAddress", "SheetImport"]
