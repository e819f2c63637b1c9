"""Files and directories that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path


def check_target(out: Path) -> None:
    """Raise `ValueError` unless `out` is free: absent, or an empty directory, and writable."""
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise ValueError(f"output directory must be a directory, got {out}")
    if out.exists() and any(out.iterdir()):
        raise ValueError(f"output directory must be empty or absent, got {out}")
    parent = Path(os.path.abspath(out)).parent
    while not parent.exists():
        parent = parent.parent
    if not parent.is_dir() or not os.access(parent, os.W_OK | os.X_OK):
        raise ValueError(f"output directory must be writable, got {out}")


def write_directory(out: Path, files: Mapping[str, str | bytes]) -> None:
    """Write `files` (relative path -> content) as the directory `out`, in one rename.

    Raises `ValueError` as `check_target` does, `OSError` if the disk refuses; then nothing is
    left behind.
    """
    check_target(out)
    out = Path(os.path.abspath(out))
    parent = out.parent
    made = _make(parent)
    try:
        staging = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=parent))
        try:
            for name, content in files.items():
                path = staging / name
                path.parent.mkdir(parents=True, exist_ok=True)
                data = content.encode("utf-8") if isinstance(content, str) else content
                path.write_bytes(data)
            staging.chmod(0o777 & ~_umask())
            staging.rename(out)
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)
            raise
    except BaseException:
        for folder in made:
            folder.rmdir()
        raise


def replace_files(out: Path, files: Mapping[str, bytes]) -> None:
    """Write `files` (name -> content) into the directory `out`; others there are left alone.

    All are written under other names first, then renamed: a full disk changes nothing.
    """
    staged: list[tuple[Path, Path]] = []
    try:
        for name, content in files.items():
            handle, partial = tempfile.mkstemp(prefix=f".{name}-", dir=out)
            staged.append((Path(partial), out / name))
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.chmod(partial, 0o666 & ~_umask())
        for path, final in staged:
            os.replace(path, final)
    finally:
        for path, _ in staged:
            path.unlink(missing_ok=True)


def _make(folder: Path) -> list[Path]:
    """Make a folder and what is missing above it; the folders made, deepest first."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for path in reversed(missing):
        path.mkdir()
    return missing


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
