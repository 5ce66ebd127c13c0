"""Runs the migrations on the connection that `server.state.database` provides, all in its one transaction."""

from alembic import context

from server.state.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
