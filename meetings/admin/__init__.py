from meetings.admin import attendance, materials, meetings, news, sessions

__all__ = ["attendance", "materials", "meetings", "news", "sessions"]
