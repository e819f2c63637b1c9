"""Files are written whole or not at all."""

import os

import pytest

from w2s_theory.text.files import replace_files, write_directory


def test_files_are_replaced_and_others_left_alone(tmp_path):
    (tmp_path / "a").write_text("old")
    (tmp_path / "mine").write_text("keep")
    replace_files(tmp_path, {"a": b"new", "b": b"\x00"})
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {
        "a": b"new",
        "b": b"\x00",
        "mine": b"keep",
    }
    umask = os.umask(0)
    os.umask(umask)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o666 & ~umask


def test_a_refusal_halfway_changes_nothing(tmp_path):
    (tmp_path / "a").write_text("old")
    with pytest.raises(TypeError):
        replace_files(tmp_path, {"a": b"new", "b": "not bytes"})
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"a": "old"}
    with pytest.raises(TypeError):
        write_directory(tmp_path / "deep" / "out", {"a": "new", "b/c": 3})
    assert [p.name for p in tmp_path.iterdir()] == ["a"]
