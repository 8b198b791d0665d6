from __future__ import annotations

from pathlib import Path

import pytest

from nlu.training.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    for part in ("data/nlu", "data/rules", "data/catalogue"):
        (tmp_path / part).mkdir(parents=True)
    for part in ("domain.yml", "config.yml", "data/nlu/a.yml", "data/rules/a.yml"):
        (tmp_path / part).write_text(part)
    return Project.at(tmp_path)


def test_the_fingerprint_is_that_of_the_files(project: Project) -> None:
    assert project.fingerprint() == project.fingerprint()


@pytest.mark.parametrize(
    "part", ["domain.yml", "config.yml", "data/nlu/a.yml", "data/rules/a.yml", "data/nlu/new.yml"]
)
def test_any_training_data_change_the_fingerprint(project: Project, part: str) -> None:
    before = project.fingerprint()
    (project.domain.parent / part).write_text("changed")
    assert project.fingerprint() != before


def test_a_renamed_file_changes_the_fingerprint(project: Project) -> None:
    before = project.fingerprint()
    (project.data[0] / "a.yml").rename(project.data[0] / "b.yml")
    assert project.fingerprint() != before


@pytest.mark.parametrize("part", ["data/catalogue/items.yml", "data/nlu/.a.yml.swp", "data/nlu/note.txt"])
def test_other_files_do_not(project: Project, part: str) -> None:
    before = project.fingerprint()
    (project.domain.parent / part).write_text("changed")
    assert project.fingerprint() == before


def test_a_missing_part_is_named(project: Project) -> None:
    project.domain.unlink()
    with pytest.raises(FileNotFoundError, match=r"domain\.yml"):
        project.fingerprint()
