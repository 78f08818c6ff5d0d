"""Queries over several tables: tasks that match, what an answer shows of them, figures."""
