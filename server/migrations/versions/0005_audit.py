"""The audit log, a hash chain; and who asked the questions that are kept, as keyed hashes, so that one customer's can be deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; the chain begins with a head that no row has written yet."""
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("result", sa.String(32), nullable=False),
        sa.Column("request_id", sa.String(64), nullable=True),
        sa.Column("kb_version", sa.String(32), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit")),
        sa.UniqueConstraint("previous", name=op.f("uq_audit_previous")),
    )
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.bulk_insert(head, [{"id": 1, "number": 0, "hash": "0" * 64}])
    op.create_table(
        "recent_question_users",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("user_hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest"], ["recent_questions.digest"], name=op.f("fk_recent_question_users_digest"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", "user_hash", name=op.f("pk_recent_question_users")),
    )
    op.create_index(op.f("ix_recent_question_users_user_hash"), "recent_question_users", ["user_hash"])


def downgrade() -> None:
    """Remove the tables and the audit log with them."""
    op.drop_index(op.f("ix_recent_question_users_user_hash"), "recent_question_users")
    op.drop_table("recent_question_users")
    op.drop_table("audit_head")
    op.drop_table("audit")
