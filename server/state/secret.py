"""The service's own secrets, made once per data folder."""

import secrets

from sqlalchemy import select

from server.state import utc
from server.state.database import StateDatabase
from server.state.insert import insert_into
from server.state.tables import SecretRow

LINK_SIGNING = "link-signing"
PROMPT_FENCE = "prompt-fence"
_BYTES = 32


def get_secret(database: StateDatabase, name: str) -> bytes:
    """The secret called ``name``: 256 random bits, made on the first call; processes that race get the same one."""
    with database.session() as session:
        fresh = {"name": name, "value": secrets.token_bytes(_BYTES), "created_at": utc.now()}
        session.execute(insert_into(session, SecretRow).values(**fresh).on_conflict_do_nothing())
        return session.scalars(select(SecretRow.value).where(SecretRow.name == name)).one()
