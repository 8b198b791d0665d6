"""What is deleted leaves SQLite's files: the pages are overwritten, the write-ahead log is emptied."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from hall.db import create_engine, overwritten, reading, writing

NEEDLE = "A SEALED VALUE OF SOMEBODY " * 300


def held(directory: Path) -> bool:
    return any(NEEDLE[:26].encode() in path.read_bytes() for path in directory.iterdir())


async def test_deleted_rows_are_in_no_file(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    async with writing(engine) as connection:
        await connection.execute(text("CREATE TABLE t (a TEXT)"))
        await connection.execute(text("INSERT INTO t VALUES (:a)"), {"a": NEEDLE})
        await connection.commit()
    assert held(tmp_path)
    async with writing(engine) as connection:
        await connection.execute(text("DELETE FROM t"))
        await connection.commit()
    assert held(tmp_path), "the log still has it"
    assert await overwritten(engine)
    assert not held(tmp_path)
    await engine.dispose()


async def test_a_reader_is_not_waited_for_and_a_later_call_does_it(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    async with writing(engine) as connection:
        await connection.execute(text("CREATE TABLE t (a TEXT)"))
        await connection.commit()
    async with reading(engine).connect() as reader:
        await reader.execute(text("SELECT * FROM t"))
        async with writing(engine) as connection:
            await connection.execute(text("INSERT INTO t VALUES (:a)"), {"a": NEEDLE})
            await connection.commit()
        assert not await overwritten(engine)
    async with writing(engine) as connection:
        await connection.execute(text("DELETE FROM t"))
        await connection.commit()
    assert await overwritten(engine)
    assert not held(tmp_path)
    await engine.dispose()


async def test_an_error_of_the_database_does_not_tell_its_parameters(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    said = ""
    try:
        async with engine.connect() as connection:
            await connection.execute(text("INSERT INTO nowhere VALUES (:a)"), {"a": "13800138000"})
    except Exception as error:
        said = str(error)
    assert "nowhere" in said
    assert "13800138000" not in said
    await engine.dispose()
