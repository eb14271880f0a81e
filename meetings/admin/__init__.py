from meetings.admin import attendance, mail, materials, meetings, news, reports, sessions

__all__ = ["attendance", "mail", "materials", "meetings", "news", "reports", "sessions"]
