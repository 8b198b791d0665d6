"""catalogue and centres

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "browsing_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=300), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_browsing_entry")),
    )
    op.create_index("uq_browsing_entry_kind_code", "browsing_entry", ["kind", "code"], unique=True)
    op.create_table(
        "catalogue_revision",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_revision")),
    )
    op.create_table(
        "centre",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("level", sa.String(length=60), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["centre.id"], name=op.f("fk_centre_parent_id_centre")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_centre")),
        sa.UniqueConstraint("code", name=op.f("uq_centre_code")),
    )
    op.create_index(op.f("ix_centre_parent_id"), "centre", ["parent_id"], unique=False)
    op.create_table(
        "special_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("centre_code", sa.String(length=60), nullable=False),
        sa.Column("hall_code", sa.String(length=60), nullable=False),
        sa.Column("group_code", sa.String(length=60), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_special_day")),
    )
    op.create_index(
        "uq_special_day_scope", "special_day", ["day", "centre_code", "hall_code", "group_code"], unique=True
    )
    op.create_table(
        "unanswered_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_asked", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_asked", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unanswered_question")),
        sa.UniqueConstraint("text", name=op.f("uq_unanswered_question_text")),
    )
    op.create_index(
        op.f("ix_unanswered_question_last_asked"), "unanswered_question", ["last_asked"], unique=False
    )
    op.create_table(
        "catalogue_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("current", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_catalogue_item_centre_id_centre")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_item")),
        sa.UniqueConstraint("code", name=op.f("uq_catalogue_item_code")),
    )
    op.create_index(op.f("ix_catalogue_item_centre_id"), "catalogue_item", ["centre_id"], unique=False)
    op.create_table(
        "hall",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centre.id"], name=op.f("fk_hall_centre_id_centre")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hall")),
        sa.UniqueConstraint("code", name=op.f("uq_hall_code")),
    )
    op.create_index(op.f("ix_hall_centre_id"), "hall", ["centre_id"], unique=False)
    op.create_table(
        "counter_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hall_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["hall_id"], ["hall.id"], name=op.f("fk_counter_group_hall_id_hall")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter_group")),
    )
    op.create_index("uq_counter_group_hall_code", "counter_group", ["hall_id", "code"], unique=True)
    op.create_table(
        "item_alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("added", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["catalogue_item.id"], name=op.f("fk_item_alias_item_id_catalogue_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_alias")),
    )
    op.create_index("uq_item_alias_item_text", "item_alias", ["item_id", "text"], unique=True)
    op.create_table(
        "item_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("effective", sa.Date(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["catalogue_item.id"], name=op.f("fk_item_version_item_id_catalogue_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_version")),
    )
    op.create_index("uq_item_version_item_number", "item_version", ["item_id", "number"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_item_version_item_number", table_name="item_version")
    op.drop_table("item_version")
    op.drop_index("uq_item_alias_item_text", table_name="item_alias")
    op.drop_table("item_alias")
    op.drop_index("uq_counter_group_hall_code", table_name="counter_group")
    op.drop_table("counter_group")
    op.drop_index(op.f("ix_hall_centre_id"), table_name="hall")
    op.drop_table("hall")
    op.drop_index(op.f("ix_catalogue_item_centre_id"), table_name="catalogue_item")
    op.drop_table("catalogue_item")
    op.drop_index(op.f("ix_unanswered_question_last_asked"), table_name="unanswered_question")
    op.drop_table("unanswered_question")
    op.drop_index("uq_special_day_scope", table_name="special_day")
    op.drop_table("special_day")
    op.drop_index(op.f("ix_centre_parent_id"), table_name="centre")
    op.drop_table("centre")
    op.drop_table("catalogue_revision")
    op.drop_index("uq_browsing_entry_kind_code", table_name="browsing_entry")
    op.drop_table("browsing_entry")
