"""Queries that several tables answer together: tasks that match, what an answer shows of them, figures."""
