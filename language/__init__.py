"""Vietnamese official language: pure functions over the data in `locales/vi`; no database, no chat, no clock."""
