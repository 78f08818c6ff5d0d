"""The registry: SQLModel tables, one module a subject, each with the queries over it."""
