"""Feedback on answers; when a key was used last; which data folder a run fills."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and both columns."""
    op.add_column("api_keys", sa.Column("last_used_at", sa.DateTime(), nullable=True))
    op.add_column("runs", sa.Column("place", sa.String(32), nullable=True))
    op.create_table(
        "feedback",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("answer_id", sa.String(80), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("user_hash", sa.String(64), nullable=True),
        sa.Column("rating", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(32), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("language", sa.String(35), nullable=True),
        sa.Column("region", sa.String(64), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("product", sa.Text(), nullable=True),
        sa.CheckConstraint("audience IN ('public', 'internal')", name=op.f("ck_feedback_audience")),
        sa.CheckConstraint("rating IN ('up', 'down')", name=op.f("ck_feedback_rating")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("answer_id", "key_id", name=op.f("uq_feedback_answer_id")),
    )
    op.create_index(op.f("ix_feedback_created_at"), "feedback", ["created_at"])
    op.create_index(op.f("ix_feedback_user_hash"), "feedback", ["user_hash"])


def downgrade() -> None:
    """Remove them, and all feedback."""
    op.drop_index(op.f("ix_feedback_user_hash"), "feedback")
    op.drop_index(op.f("ix_feedback_created_at"), "feedback")
    op.drop_table("feedback")
    op.drop_column("runs", "place")
    op.drop_column("api_keys", "last_used_at")
