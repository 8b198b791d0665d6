"""notices

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("openid", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("event", sa.String(length=80), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("useful_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claim", sa.String(length=40), nullable=False),
        sa.Column("closed", sa.String(length=60), nullable=False),
        sa.Column("unwanted", sa.Boolean(), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("settled", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index("uq_notice_identity", "notice", ["openid", "kind", "subject", "event"], unique=True)
    op.create_index(
        "ix_notice_state_urgency_next_at", "notice", ["state", "urgency", "next_at"], unique=False
    )
    op.create_index("ix_notice_state_useful_until", "notice", ["state", "useful_until"], unique=False)
    op.create_index("ix_notice_subject", "notice", ["subject"], unique=False)

    op.create_table(
        "notice_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_notice_attempt_notice_id_notice"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_attempt")),
    )
    op.create_index(op.f("ix_notice_attempt_notice_id"), "notice_attempt", ["notice_id"], unique=False)

    op.create_table(
        "notice_alarm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("cause", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("message", sa.String(length=200), nullable=False),
        sa.Column("first", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("closed_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mended", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_alarm")),
    )
    op.create_index("uq_notice_alarm_cause", "notice_alarm", ["channel", "cause", "kind"], unique=True)

    op.create_table(
        "notice_reach",
        sa.Column("openid", sa.String(length=128), nullable=False),
        sa.Column("window_closed", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unreachable", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("openid", name=op.f("pk_notice_reach")),
    )

    op.create_table(
        "notice_subscription",
        sa.Column("openid", sa.String(length=128), nullable=False),
        sa.Column("template", sa.String(length=100), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("lasting", sa.Boolean(), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("openid", "template", name=op.f("pk_notice_subscription")),
    )
    op.create_table(
        "notice_subscription_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("openid", sa.String(length=128), nullable=False),
        sa.Column("template", sa.String(length=100), nullable=False),
        sa.Column("change", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_subscription_event")),
    )
    op.create_index(
        op.f("ix_notice_subscription_event_openid"), "notice_subscription_event", ["openid"], unique=False
    )


def downgrade() -> None:
    for table in (
        "notice_subscription_event",
        "notice_subscription",
        "notice_reach",
        "notice_alarm",
        "notice_attempt",
        "notice",
    ):
        op.drop_table(table)
