from meetings.admin import attendance, followed, mail, materials, meetings, news, sessions

__all__ = ["attendance", "followed", "mail", "materials", "meetings", "news", "sessions"]
