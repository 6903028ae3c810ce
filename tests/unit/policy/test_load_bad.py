"""Every file of `tests/policies_bad` is refused with exactly the words beside it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from extproc.inspectors import SECTIONS
from extproc.policy.errors import PolicyErrors
from extproc.policy.load import load

ROOT = Path(__file__).parents[3]
BAD = sorted((ROOT / "tests" / "policies_bad").glob("*.yaml"))


def errors_of(file: Path, directory: Path) -> str:
    """What loading says, with the directory's own name left out."""
    shutil.copy(file, directory)
    if "kind: Models" not in file.read_text():
        shutil.copy(ROOT / "policies" / "models.yaml", directory)
    with pytest.raises(PolicyErrors) as caught:
        load(directory, SECTIONS)
    return str(caught.value).replace(f"{directory}/", "").replace(str(directory), "DIR")


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_the_errors_are_exactly_these(file, tmp_path):
    assert errors_of(file, tmp_path) == file.with_suffix(".txt").read_text().rstrip("\n")


def test_the_folder_is_found():
    assert len(BAD) > 10
