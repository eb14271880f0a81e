"""The agenda of a meeting: its items in order, what may be put on it, and how it is saved."""
