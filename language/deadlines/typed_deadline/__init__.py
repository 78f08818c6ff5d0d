"""What a person types for a deadline ("thứ 6 tuần sau"); see docs/dev/deadlines.md."""

from language.deadlines.typed_deadline.reading import TypedDeadline, read_typed_deadline

__all__ = ["TypedDeadline", "read_typed_deadline"]
