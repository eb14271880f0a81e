from meetings.admin import attendance, mail, materials, meetings, news, sessions

__all__ = ["attendance", "mail", "materials", "meetings", "news", "sessions"]
