"""Which kernels a session asks for."""

from __future__ import annotations

import pytest

from extproc.models.session import vnni

CPUINFO = {
    "flags\t\t: fpu avx2 avx512_vnni\nflags\t\t: fpu avx_vnni\n": True,
    "flags\t\t: fpu avx2 avx512_vnni\nflags\t\t: fpu avx2\n": False,
    "flags\t\t: fpu avx2\nvmx flags\t: avx_vnni\n": False,
    "Features\t: fp asimd\n": False,
    "": False,
}


@pytest.mark.parametrize(("said", "expected"), CPUINFO.items())
def test_processors_say_whether_they_multiply_exactly(tmp_path, said, expected):
    (tmp_path / "cpuinfo").write_text(said)
    assert vnni(tmp_path / "cpuinfo") is expected
    assert not vnni(tmp_path / "nowhere")
