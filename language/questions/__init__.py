"""Understand what people ask about tasks: from a line of plain Vietnamese to a `Question`."""
