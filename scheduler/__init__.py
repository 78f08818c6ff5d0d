"""Reminders: which day which step, notices written, claimed and sent."""
