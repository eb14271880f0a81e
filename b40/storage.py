"""How static files are named and kept."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # the library is untyped
    """Files named by their content and compressed beforehand; modules import each other by the hashed names."""

    support_js_module_import_aggregation = True
