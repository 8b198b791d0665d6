"""appointments

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quota_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_code", sa.String(length=100), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota_day")),
    )
    op.create_index("uq_quota_day_item_day", "quota_day", ["item_code", "day"], unique=True)

    op.create_table(
        "appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("citizen_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("decided", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_appeal_citizen_id_citizen")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("key", name=op.f("uq_appeal_key")),
    )
    op.create_index(op.f("ix_appeal_citizen_id"), "appeal", ["citizen_id"], unique=False)
    op.create_index("ix_appeal_state", "appeal", ["state"], unique=False)

    op.create_table(
        "penalty_lift",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("citizen_id", sa.Integer(), nullable=False),
        sa.Column("identity_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizen.id"], name=op.f("fk_penalty_lift_citizen_id_citizen")
        ),
        sa.ForeignKeyConstraint(
            ["identity_id"],
            ["identity.id"],
            name=op.f("fk_penalty_lift_identity_id_identity"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penalty_lift")),
    )
    op.create_index(op.f("ix_penalty_lift_citizen_id"), "penalty_lift", ["citizen_id"], unique=False)
    op.create_index(op.f("ix_penalty_lift_identity_id"), "penalty_lift", ["identity_id"], unique=False)

    op.create_table(
        "group_capacity",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("counters", sa.Integer(), nullable=True),
        sa.Column("per_counter", sa.Integer(), nullable=True),
        sa.Column("set_by", sa.String(length=100), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["counter_group.id"], name=op.f("fk_group_capacity_group_id_counter_group")
        ),
        sa.PrimaryKeyConstraint("group_id", name=op.f("pk_group_capacity")),
    )
    op.create_table(
        "slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("starts", sa.DateTime(timezone=True), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"], ["counter_group.id"], name=op.f("fk_slot_group_id_counter_group")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot")),
    )
    op.create_index("uq_slot_group_starts", "slot", ["group_id", "starts"], unique=True)

    op.create_table(
        "booking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=True),
        sa.Column("citizen_id", sa.Integer(), nullable=False),
        sa.Column("identity_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("for_other", sa.Boolean(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("hall_code", sa.String(length=60), nullable=False),
        sa.Column("group_code", sa.String(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("item_code", sa.String(length=100), nullable=False),
        sa.Column("item_version", sa.Integer(), nullable=False),
        sa.Column("quota", sa.Integer(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("occupies_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminder_failed", sa.DateTime(timezone=True), nullable=True),
        sa.Column("excused", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_booking_citizen_id_citizen")),
        sa.ForeignKeyConstraint(
            ["identity_id"],
            ["identity.id"],
            name=op.f("fk_booking_identity_id_identity"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_booking_person_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("fk_booking_slot_id_slot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("code", name=op.f("uq_booking_code")),
    )
    op.create_index("ix_booking_citizen_state", "booking", ["citizen_id", "state"], unique=False)
    op.create_index("ix_booking_identity_state", "booking", ["identity_id", "state"], unique=False)
    op.create_index("ix_booking_item_day", "booking", ["item_code", "day"], unique=False)
    op.create_index(op.f("ix_booking_person_id"), "booking", ["person_id"], unique=False)
    op.create_index("ix_booking_slot_state", "booking", ["slot_id", "state"], unique=False)
    op.create_index("ix_booking_state_starts", "booking", ["state", "starts"], unique=False)

    op.create_table(
        "waitlist_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("citizen_id", sa.Integer(), nullable=False),
        sa.Column("identity_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("for_other", sa.Boolean(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("hall_code", sa.String(length=60), nullable=False),
        sa.Column("group_code", sa.String(length=60), nullable=False),
        sa.Column("item_code", sa.String(length=100), nullable=False),
        sa.Column("item_version", sa.Integer(), nullable=False),
        sa.Column("quota", sa.Integer(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("first", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=True),
        sa.Column("offer_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizen.id"], name=op.f("fk_waitlist_entry_citizen_id_citizen")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["counter_group.id"], name=op.f("fk_waitlist_entry_group_id_counter_group")
        ),
        sa.ForeignKeyConstraint(
            ["identity_id"],
            ["identity.id"],
            name=op.f("fk_waitlist_entry_identity_id_identity"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_waitlist_entry_person_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("fk_waitlist_entry_slot_id_slot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waitlist_entry")),
    )
    op.create_index(op.f("ix_waitlist_entry_citizen_id"), "waitlist_entry", ["citizen_id"], unique=False)
    op.create_index("ix_waitlist_entry_group_state", "waitlist_entry", ["group_id", "state"], unique=False)

    op.create_table(
        "booking_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_booking_event_booking_id_booking")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_event")),
    )
    op.create_index(op.f("ix_booking_event_booking_id"), "booking_event", ["booking_id"], unique=False)

    op.create_table(
        "booking_request",
        sa.Column("citizen_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_booking_request_booking_id_booking")
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizen.id"], name=op.f("fk_booking_request_citizen_id_citizen")
        ),
        sa.PrimaryKeyConstraint("citizen_id", "key", name=op.f("pk_booking_request")),
    )
    op.create_index(op.f("ix_booking_request_booking_id"), "booking_request", ["booking_id"], unique=False)

    op.create_table(
        "withheld",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("item_code", sa.String(length=100), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["waitlist_entry.id"], name=op.f("fk_withheld_entry_id_waitlist_entry")
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("fk_withheld_slot_id_slot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withheld")),
    )
    op.create_index(op.f("ix_withheld_entry_id"), "withheld", ["entry_id"], unique=False)
    op.create_index("ix_withheld_slot_until", "withheld", ["slot_id", "until"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_withheld_slot_until", table_name="withheld")
    op.drop_index(op.f("ix_withheld_entry_id"), table_name="withheld")

    op.drop_table("withheld")
    op.drop_index(op.f("ix_booking_request_booking_id"), table_name="booking_request")

    op.drop_table("booking_request")
    op.drop_index(op.f("ix_booking_event_booking_id"), table_name="booking_event")

    op.drop_table("booking_event")
    op.drop_index("ix_waitlist_entry_group_state", table_name="waitlist_entry")
    op.drop_index(op.f("ix_waitlist_entry_citizen_id"), table_name="waitlist_entry")

    op.drop_table("waitlist_entry")
    op.drop_index("ix_booking_state_starts", table_name="booking")
    op.drop_index("ix_booking_slot_state", table_name="booking")
    op.drop_index(op.f("ix_booking_person_id"), table_name="booking")
    op.drop_index("ix_booking_item_day", table_name="booking")
    op.drop_index("ix_booking_identity_state", table_name="booking")
    op.drop_index("ix_booking_citizen_state", table_name="booking")

    op.drop_table("booking")
    op.drop_index("uq_slot_group_starts", table_name="slot")

    op.drop_table("slot")
    op.drop_table("group_capacity")
    op.drop_index(op.f("ix_penalty_lift_identity_id"), table_name="penalty_lift")
    op.drop_index(op.f("ix_penalty_lift_citizen_id"), table_name="penalty_lift")

    op.drop_table("penalty_lift")
    op.drop_index("ix_appeal_state", table_name="appeal")
    op.drop_index(op.f("ix_appeal_citizen_id"), table_name="appeal")

    op.drop_table("appeal")
    op.drop_index("uq_quota_day_item_day", table_name="quota_day")

    op.drop_table("quota_day")
