"""Closing a meeting: its record is frozen, put into words, and published."""
