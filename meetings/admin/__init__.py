from meetings.admin import attendance, invitations, mail, materials, meetings, news, sessions

__all__ = ["attendance", "invitations", "mail", "materials", "meetings", "news", "sessions"]
