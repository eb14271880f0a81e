from meetings.admin import attendance, materials, meetings, sessions

__all__ = ["attendance", "materials", "meetings", "sessions"]
