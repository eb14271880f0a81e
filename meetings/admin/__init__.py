from meetings.admin import (
    attendance,
    followed,
    following,
    invitations,
    looking,
    mail,
    materials,
    meetings,
    news,
    planning,
    reports,
    sessions,
)

__all__ = [
    "attendance",
    "followed",
    "following",
    "invitations",
    "looking",
    "mail",
    "materials",
    "meetings",
    "news",
    "planning",
    "reports",
    "sessions",
]
