"""offers of the waitlist are told in the transaction that makes them

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("waitlist_entry", "told")


def downgrade() -> None:
    op.add_column("waitlist_entry", sa.Column("told", sa.DateTime(timezone=True), nullable=True))
