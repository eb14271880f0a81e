"""The one way in which a file is refused."""


class UnreadableReport(Exception):
    """The file is no participant report that can be read; says in one sentence what it is, where it breaks, and what to do."""
