"""Alembic's environment: runs in the transaction that `migrations.upgrade` began, and ends none."""

from alembic import context

from models import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.METADATA,
    render_as_batch=False,
    transactional_ddl=True,  # SQLite undoes the making of tables, too
)
context.run_migrations()
