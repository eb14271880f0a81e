"""Minutes of a meeting: notes to agenda items, what came out of them, and how the whole is circulated and approved."""
