"""
What alembic runs: every step on the connection that L{migrate} holds.
"""

from alembic import context

from smsgw.storage.rule_tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
