"""Reminders: which day which step, who is told, notices written, claimed and sent."""
