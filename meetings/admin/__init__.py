from meetings.admin import attendance, followed, looking, mail, materials, meetings, news, planning, sessions

__all__ = ["attendance", "followed", "looking", "mail", "materials", "meetings", "news", "planning", "sessions"]
