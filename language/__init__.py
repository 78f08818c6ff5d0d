"""Understand Vietnamese official language: pure functions over the data in `locales/vi`.

There is no database, no chat and no clock here.
"""
