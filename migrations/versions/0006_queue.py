"""queue

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "queue_hour",
        sa.Column("hall_code", sa.String(length=60), nullable=False),
        sa.Column("group_code", sa.String(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("called", sa.Integer(), nullable=False),
        sa.Column("waited_minutes", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("hall_code", "group_code", "day", "hour", name=op.f("pk_queue_hour")),
    )
    op.create_table(
        "queue_state",
        sa.Column("hall_code", sa.String(length=60), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("hall_code", name=op.f("pk_queue_state")),
    )
    op.create_table(
        "queue_stop",
        sa.Column("hall_code", sa.String(length=60), nullable=False),
        sa.Column("group_code", sa.String(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hall_code", "group_code", "day", name=op.f("pk_queue_stop")),
    )
    op.create_table(
        "queue_window",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hall_code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("staff", sa.String(length=100), nullable=False),
        sa.Column("stand_in", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("free_since", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_window")),
    )
    op.create_index("uq_queue_window_hall_name", "queue_window", ["hall_code", "name"], unique=True)
    op.create_table(
        "service_pace",
        sa.Column("hall_code", sa.String(length=60), nullable=False),
        sa.Column("group_code", sa.String(length=60), nullable=False),
        sa.Column("item_code", sa.String(length=100), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("mean", sa.Float(), nullable=False),
        sa.Column("spread", sa.Float(), nullable=False),
        sa.Column("seen", sa.Float(), nullable=False),
        sa.Column("gone", sa.Float(), nullable=False),
        sa.Column("passes", sa.Float(), nullable=False),
        sa.Column("pass_minutes", sa.Float(), nullable=False),
        sa.Column("gaps", sa.Float(), nullable=False),
        sa.Column("gap_minutes", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("hall_code", "group_code", "item_code", name=op.f("pk_service_pace")),
    )
    op.create_table(
        "queue_ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hall_code", sa.String(length=60), nullable=False),
        sa.Column("group_code", sa.String(length=60), nullable=False),
        sa.Column("issued_group", sa.String(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=70), nullable=False),
        sa.Column("openid", sa.String(length=128), nullable=True),
        sa.Column("item_code", sa.String(length=100), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=True),
        sa.Column("appointed", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("arrived", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comes_back", sa.Boolean(), nullable=False),
        sa.Column("only_window", sa.Integer(), nullable=True),
        sa.Column("window_id", sa.Integer(), nullable=True),
        sa.Column("window_name", sa.String(length=60), nullable=False),
        sa.Column("recalls", sa.Integer(), nullable=False),
        sa.Column("passes", sa.Integer(), nullable=False),
        sa.Column("first_called", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_called", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_why", sa.String(length=300), nullable=False),
        sa.Column("busy_seconds", sa.Float(), nullable=False),
        sa.Column("soon_told", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_ahead", sa.Integer(), nullable=True),
        sa.Column("told_low", sa.Float(), nullable=True),
        sa.Column("told_middle", sa.Float(), nullable=True),
        sa.Column("told_high", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_queue_ticket_booking_id_booking")
        ),
        sa.ForeignKeyConstraint(
            ["only_window"], ["queue_window.id"], name=op.f("fk_queue_ticket_only_window_queue_window")
        ),
        sa.ForeignKeyConstraint(
            ["window_id"], ["queue_window.id"], name=op.f("fk_queue_ticket_window_id_queue_window")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_ticket")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_queue_ticket_booking_id")),
    )
    op.create_index(
        "ix_queue_ticket_hall_day_state", "queue_ticket", ["hall_code", "day", "state"], unique=False
    )
    op.create_index("ix_queue_ticket_openid_day", "queue_ticket", ["openid", "day"], unique=False)
    op.create_index(
        "uq_queue_ticket_at_window",
        "queue_ticket",
        ["window_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('called', 'serving')"),
        postgresql_where=sa.text("state IN ('called', 'serving')"),
    )
    op.create_index(
        "uq_queue_ticket_number", "queue_ticket", ["hall_code", "issued_group", "day", "serial"], unique=True
    )
    op.create_table(
        "queue_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hall_code", sa.String(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=70), nullable=False),
        sa.Column("window_name", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["queue_ticket.id"], name=op.f("fk_queue_call_ticket_id_queue_ticket")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_call")),
    )
    op.create_index("ix_queue_call_hall_day", "queue_call", ["hall_code", "day"], unique=False)
    op.create_table(
        "queue_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("window_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["queue_ticket.id"], name=op.f("fk_queue_event_ticket_id_queue_ticket")
        ),
        sa.ForeignKeyConstraint(
            ["window_id"], ["queue_window.id"], name=op.f("fk_queue_event_window_id_queue_window")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_event")),
    )
    op.create_index(op.f("ix_queue_event_ticket_id"), "queue_event", ["ticket_id"], unique=False)
    op.create_index("ix_queue_event_window_at", "queue_event", ["window_id", "at"], unique=False)
    op.create_table(
        "queue_request",
        sa.Column("scope", sa.String(length=160), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["queue_ticket.id"], name=op.f("fk_queue_request_ticket_id_queue_ticket")
        ),
        sa.PrimaryKeyConstraint("scope", "key", name=op.f("pk_queue_request")),
    )


def downgrade() -> None:
    op.drop_table("queue_request")
    op.drop_index("ix_queue_event_window_at", table_name="queue_event")
    op.drop_index(op.f("ix_queue_event_ticket_id"), table_name="queue_event")
    op.drop_table("queue_event")
    op.drop_index("ix_queue_call_hall_day", table_name="queue_call")
    op.drop_table("queue_call")
    op.drop_index("uq_queue_ticket_number", table_name="queue_ticket")
    op.drop_index(
        "uq_queue_ticket_at_window",
        table_name="queue_ticket",
        sqlite_where=sa.text("state IN ('called', 'serving')"),
        postgresql_where=sa.text("state IN ('called', 'serving')"),
    )
    op.drop_index("ix_queue_ticket_openid_day", table_name="queue_ticket")
    op.drop_index("ix_queue_ticket_hall_day_state", table_name="queue_ticket")
    op.drop_table("queue_ticket")
    op.drop_table("service_pace")
    op.drop_index("uq_queue_window_hall_name", table_name="queue_window")
    op.drop_table("queue_window")
    op.drop_table("queue_stop")
    op.drop_table("queue_state")
    op.drop_table("queue_hour")
