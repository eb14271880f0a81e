from meetings.admin import attendance, invitations, looking, mail, materials, meetings, news, planning, sessions

__all__ = ["attendance", "invitations", "looking", "mail", "materials", "meetings", "news", "planning", "sessions"]
