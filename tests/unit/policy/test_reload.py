"""Reload: all or nothing, the last good set kept, and seen however the files change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import asynccontextmanager

import pytest

from extproc.inspectors import SECTIONS
from extproc.policy.errors import PolicyErrors
from extproc.policy.reload import Reloader
from extproc.verdict import Mode
from tests.policy_sets import PLAIN, ConfigMap, write

MONITOR = f"{PLAIN}mode: monitor\n"
BAD = f"{PLAIN}mode: x\n"


class Heard:
    """What the reloader has told its owner."""

    def __init__(self) -> None:
        self.changes = []
        self.attempts = []

    def reloader(self, directory, **kwargs) -> Reloader:
        return Reloader(
            directory, SECTIONS, self.changes.append, attempted=self.attempts.append, **kwargs
        )


@pytest.fixture
def heard():
    return Heard()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 -- the reloader has no event for tests
            await asyncio.sleep(0.01)


@asynccontextmanager
async def watching(reloader: Reloader):
    task = asyncio.create_task(reloader.watch())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def mode(reloader: Reloader) -> Mode:
    return reloader.current.policies[0].mode


def test_the_first_load_tells_nobody(tmp_path, heard):
    reloader = heard.reloader(write(tmp_path, p=PLAIN), clock=lambda: 7.0)
    loaded = reloader.load()
    assert reloader.current is loaded
    assert heard.changes == []
    status = reloader.status
    assert (status.ok, status.error, status.loaded_at, status.digest) == (
        True, None, 7.0, loaded.digest,
    )  # fmt: skip


def test_a_first_load_that_fails_raises_and_shows(tmp_path, heard):
    reloader = heard.reloader(write(tmp_path, p=BAD))
    with pytest.raises(PolicyErrors):
        reloader.load()
    assert reloader.current is None
    assert not reloader.status.ok
    assert "mode" in reloader.status.error


async def test_a_change_is_applied_with_old_and_new(tmp_path, heard):
    reloader = heard.reloader(write(tmp_path, p=PLAIN))
    old = reloader.load()
    write(tmp_path, p=MONITOR)
    status = await reloader.reload(by="control")
    assert status.ok
    (change,) = heard.changes
    assert (change.old, change.new, change.by) == (old, reloader.current, "control")
    assert change.diff == {"policies.plain.mode": {"old": "enforce", "new": "monitor"}}


async def test_a_bad_edit_keeps_the_last_good_set_and_shows(tmp_path, heard):
    reloader = heard.reloader(write(tmp_path, p=PLAIN))
    good = reloader.load()
    write(tmp_path, p=BAD)
    status = await reloader.reload()
    assert not status.ok
    assert status.digest == good.digest
    assert "p.yaml:4: mode: 'x' is not allowed" in status.error
    assert reloader.current is good
    assert heard.changes == []
    write(tmp_path, p=MONITOR)
    assert (await reloader.reload()).ok
    assert [attempt.ok for attempt in heard.attempts] == [False, True]


async def test_comments_change_nothing(tmp_path, heard):
    reloader = heard.reloader(write(tmp_path, p=PLAIN))
    old = reloader.load()
    write(tmp_path, p=f"# why\n{PLAIN}")
    assert (await reloader.reload()).ok
    assert reloader.current is old
    assert heard.changes == []


async def test_an_owner_that_cannot_apply_keeps_the_old_set(tmp_path):
    def refuse(_change) -> None:
        raise RuntimeError("no such model file")

    reloader = Reloader(write(tmp_path, p=PLAIN), SECTIONS, refuse)
    old = reloader.load()
    write(tmp_path, p=MONITOR)
    status = await reloader.reload()
    assert (status.ok, reloader.current) == (False, old)
    assert "no such model file" in status.error


@pytest.mark.parametrize("poll", [False, True])
async def test_an_edit_in_place_is_seen(tmp_path, heard, poll):
    reloader = heard.reloader(write(tmp_path, p=PLAIN), poll=poll, check_every_s=0.1)
    reloader.load()
    async with watching(reloader):
        write(tmp_path, p=MONITOR)
        await until(lambda: mode(reloader) is Mode.MONITOR)
        write(tmp_path, p=BAD)
        await until(lambda: not reloader.status.ok)
        assert mode(reloader) is Mode.MONITOR
        write(tmp_path, p=PLAIN)
        await until(lambda: reloader.status.ok)
    assert mode(reloader) is Mode.ENFORCE


@pytest.mark.parametrize("poll", [False, True])
async def test_a_swapped_config_map_is_seen(tmp_path, heard, poll):
    mounted = ConfigMap(tmp_path / "mount")
    mounted.publish(p=PLAIN)
    reloader = heard.reloader(mounted.mount, poll=poll, check_every_s=0.1)
    reloader.load()
    async with watching(reloader):
        mounted.publish(p=MONITOR)
        await until(lambda: mode(reloader) is Mode.MONITOR)
        mounted.publish(p=BAD)
        await until(lambda: not reloader.status.ok)
        mounted.publish(p=PLAIN)
        await until(lambda: mode(reloader) is Mode.ENFORCE)


async def test_a_key_file_elsewhere_is_watched(tmp_path, heard):
    keys = tmp_path / "secret" / "keys.yaml"
    keys.parent.mkdir()
    text = (
        "apiVersion: extproc/v1\nkind: ApiKeys\n"
        f"keys: [{{id: one, hash: 'sha256:{'0' * 64}', tenant: acme}}]\n"
    )
    keys.write_text(text)
    identity = (
        f"apiVersion: extproc/v1\nkind: Identity\nsources: [{{type: api_key, file: {keys}}}]\n"
    )
    reloader = heard.reloader(write(tmp_path / "set", p=PLAIN, identity=identity), check_every_s=30)
    reloader.load()
    async with watching(reloader):
        keys.write_text(text.replace("acme", "globex"))
        await until(lambda: bool(heard.changes))
    assert heard.changes[0].diff == {"keys.one.tenant": {"old": "acme", "new": "globex"}}
    assert mode(reloader) is Mode.ENFORCE


async def test_a_directory_that_vanishes_and_returns(tmp_path, heard):
    place = write(tmp_path / "set", p=PLAIN)
    reloader = heard.reloader(place, check_every_s=0.1)
    reloader.load()
    async with watching(reloader):
        place.rename(tmp_path / "away")
        await until(lambda: not reloader.status.ok)
        assert mode(reloader) is Mode.ENFORCE
        write(tmp_path / "away", p=MONITOR).rename(place)
        await until(lambda: reloader.status.ok)
    assert mode(reloader) is Mode.MONITOR
