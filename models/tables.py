"""Every table of the registry, imported in one place so that the metadata is whole."""

from sqlmodel import SQLModel

from models import (
    agencies,
    assignments,
    audit,
    chats,
    dialogues,
    inbox,
    milestones,
    notices,
    people,
    plans,
    preferences,
    web_access,
)

METADATA = SQLModel.metadata

__all__ = [
    "METADATA",
    "agencies",
    "assignments",
    "audit",
    "chats",
    "dialogues",
    "inbox",
    "milestones",
    "notices",
    "people",
    "plans",
    "preferences",
    "web_access",
]
