"""Questions that were asked lately, for comparing what two versions answer."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "recent_questions",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("language", sa.String(35), nullable=True),
        sa.Column("region", sa.String(64), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("product", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("audience IN ('public', 'internal')", name=op.f("ck_recent_questions_audience")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_recent_questions")),
    )
    op.create_index(op.f("ix_recent_questions_asked_at"), "recent_questions", ["asked_at"])


def downgrade() -> None:
    """Remove the table and every question with it."""
    op.drop_index(op.f("ix_recent_questions_asked_at"), "recent_questions")
    op.drop_table("recent_questions")
