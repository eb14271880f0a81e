from meetings.admin import attendance, looking, mail, materials, meetings, news, planning, sessions

__all__ = ["attendance", "looking", "mail", "materials", "meetings", "news", "planning", "sessions"]
