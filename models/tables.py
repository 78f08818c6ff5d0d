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
from models.channels import accounts, choices, handouts, usage
from models.storage import processes

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
    "processes",
    "usage",
    "web_access",
]
