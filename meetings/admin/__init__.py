from meetings.admin import (
    attendance,
    followed,
    invitations,
    joining,
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
    "invitations",
    "joining",
    "looking",
    "mail",
    "materials",
    "meetings",
    "news",
    "planning",
    "reports",
    "sessions",
]
