from meetings.admin import attendance, looking, mail, materials, meetings, news, sessions

__all__ = ["attendance", "looking", "mail", "materials", "meetings", "news", "sessions"]
