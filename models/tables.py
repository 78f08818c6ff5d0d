"""Every table of the registry, imported in one place so that the metadata is whole."""

from sqlmodel import SQLModel

from models import (
    accounts,
    agencies,
    assignments,
    audit,
    chats,
    choices,
    dialogues,
    handouts,
    inbox,
    milestones,
    notices,
    people,
    plans,
    preferences,
    usage,
    web_access,
)

METADATA = SQLModel.metadata

__all__ = [
    "METADATA",
    "accounts",
    "agencies",
    "assignments",
    "audit",
    "chats",
    "choices",
    "dialogues",
    "handouts",
    "inbox",
    "milestones",
    "notices",
    "people",
    "plans",
    "preferences",
    "usage",
    "web_access",
]
