"""Alembic's environment: runs on the connection that `migrations.upgrade` hands in."""

from alembic import context

from models import tables

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=tables.METADATA, render_as_batch=False)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
