"""Planning: meetings from a template, one or a series of them, and the agenda of their sessions."""
