"""Reminders in chat: settings, pauses, deliveries, days off."""
