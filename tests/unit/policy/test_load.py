"""What a good set becomes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from extproc.inspectors import SECTIONS
from extproc.inspectors.access import AccessSettings
from extproc.inspectors.cache.settings import CacheSettings
from extproc.inspectors.injection.settings import InjectionSettings
from extproc.inspectors.limits.settings import BudgetSettings, LimitsSettings
from extproc.inspectors.route.settings import RouteSettings
from extproc.inspectors.sensitivity.settings import SensitivitySettings
from extproc.llm.view import Uninspectable
from extproc.policy.errors import PolicyErrors
from extproc.policy.load import load
from extproc.policy.section import OnError
from extproc.verdict import Mode
from tests.policy_sets import HEAD, PLAIN, ROOT, ConfigMap, loaded, write


def test_defaults_of_a_policy_that_says_nothing(tmp_path):
    policy = loaded(tmp_path, plain=PLAIN).policies[0]
    assert (policy.name, policy.owner, policy.mode, policy.on_error) == (
        "plain", "me", Mode.ENFORCE, OnError.DENY,
    )  # fmt: skip
    assert policy.ref == f"plain@{policy.digest}"
    assert policy.unknown_endpoints == "deny"
    assert policy.on_uninspectable == {
        Uninspectable.TEXT: "deny",
        Uninspectable.MEDIA: "allow",
        Uninspectable.REFERENCES: "allow",
    }
    assert policy.max_body_bytes == 10 * 1024 * 1024
    assert policy.max_text_bytes == 512 * 1024
    assert (policy.usage, policy.deadline_ms) == ("estimate", 20_000)
    assert policy.source == f"{tmp_path}/plain.yaml:1"


def test_sections_that_hold_without_being_written(tmp_path):
    policy = loaded(tmp_path, plain=PLAIN).policies[0]
    for settings in (AccessSettings, InjectionSettings, SensitivitySettings, RouteSettings):
        assert policy.section(settings) == settings()
    for settings in (CacheSettings, LimitsSettings, BudgetSettings):
        assert policy.section(settings) is None


@pytest.mark.parametrize("off", ["off", "'off'"])
def test_a_section_that_is_off_is_absent(tmp_path, off):
    text = f"{PLAIN}injection: {{mode: {off}}}\ncache: {{mode: {off}}}\n"
    policy = loaded(tmp_path, plain=text).policies[0]
    assert policy.section(InjectionSettings) is None
    assert policy.section(CacheSettings) is None


def test_a_policy_that_is_off_keeps_only_sections_with_a_mode_of_their_own(tmp_path):
    text = f"{PLAIN}mode: off\ninjection: {{mode: monitor}}\n"
    policy = loaded(tmp_path, plain=text).policies[0]
    section = policy.section(InjectionSettings)
    assert section is not None
    assert policy.mode_of(section) is Mode.MONITOR
    assert policy.section(SensitivitySettings) is None


def test_sections_override_mode_and_on_error(tmp_path):
    text = f"{PLAIN}mode: monitor\non_error: allow\ninjection: {{mode: enforce, on_error: deny}}\n"
    policy = loaded(tmp_path, plain=text).policies[0]
    injection, route = policy.section(InjectionSettings), policy.section(RouteSettings)
    assert (policy.mode_of(injection), policy.on_error_of(injection)) == (
        Mode.ENFORCE, OnError.DENY,
    )  # fmt: skip
    assert (policy.mode_of(route), policy.on_error_of(route)) == (Mode.MONITOR, OnError.ALLOW)


def test_several_documents_and_files_make_one_set(tmp_path):
    two = f"{PLAIN}---\n{HEAD}metadata: {{name: acme}}\nmatch: {{tenants: [acme]}}\n"
    three = f"{HEAD}metadata: {{name: globex}}\nmatch: {{tenants: [globex]}}\n"
    found = loaded(tmp_path, two=two, three=three)
    names = {
        tenant: found.lookup(caller="c", tenant=tenant, path="/", model=None).name
        for tenant in ("acme", "globex", "other")
    }
    assert names == {"acme": "acme", "globex": "globex", "other": "plain"}


def test_other_files_and_folders_are_not_read(tmp_path):
    directory = write(tmp_path / "set", plain=PLAIN)
    for name in ("tests", "schemas", "examples"):
        (directory / name).mkdir()
        (directory / name / "x.yaml").write_text("not: a policy")
    (directory / "schema.json").write_text("{}")
    (directory / ".hidden.yaml").write_text("[")
    (directory / "README.md").write_text("[")
    assert load(directory, SECTIONS).digest == loaded(tmp_path / "bare", plain=PLAIN).digest


def test_the_digest_is_of_the_meaning(tmp_path):
    text = f"{PLAIN}injection: {{threshold: 0.9, action: block}}\n"
    same = f"# why\n{HEAD}metadata:\n  owner: me\n  name: 'plain'\ninjection:\n  action: block\n  threshold: 0.90\n"
    one, other = loaded(tmp_path / "a", p=text), loaded(tmp_path / "b", q=same)
    assert one.policies[0].digest == other.policies[0].digest
    assert one.digest == other.digest
    changed = loaded(tmp_path / "c", p=text.replace("0.9", "0.91"))
    assert changed.policies[0].digest != one.policies[0].digest
    assert changed.digest != one.digest


def test_a_written_default_is_no_change(tmp_path):
    written = f"{PLAIN}mode: enforce\ninjection: {{preset: balanced}}\n"
    assert loaded(tmp_path / "a", p=written).digest == loaded(tmp_path / "b", p=PLAIN).digest


def test_a_changed_registry_changes_every_digest(tmp_path):
    models = (ROOT / "policies" / "models.yaml").read_text()
    one = loaded(tmp_path / "a", p=PLAIN)
    other = loaded(tmp_path / "b", p=PLAIN, models=models.replace("2.1.0", "2.1.1"))
    assert one.policies[0].digest != other.policies[0].digest
    assert one.digest != other.digest


def test_the_order_of_labels_is_part_of_the_meaning(tmp_path):
    text = PLAIN + "sensitivity: {labels: {a: [US_SSN], b: [SECRET]}}\n"
    swapped = PLAIN + "sensitivity: {labels: {b: [SECRET], a: [US_SSN]}}\n"
    assert loaded(tmp_path / "a", p=text).digest != loaded(tmp_path / "b", p=swapped).digest


def test_a_config_map_is_read_through_its_link(tmp_path):
    mounted = ConfigMap(tmp_path / "mount")
    mounted.publish(plain=PLAIN)
    assert load(mounted.mount, SECTIONS).digest == loaded(tmp_path / "bare", plain=PLAIN).digest


@pytest.mark.parametrize("make", ["nothing", "file"])
def test_a_directory_that_is_none(tmp_path, make):
    place = tmp_path / "set"
    if make == "file":
        place.write_text("x")
    with pytest.raises(PolicyErrors) as caught:
        load(place, SECTIONS)
    assert str(caught.value).startswith(f"{place}:1: cannot be read: ")


def test_an_empty_directory_needs_policies_and_models(tmp_path):
    with pytest.raises(PolicyErrors) as caught:
        load(tmp_path, SECTIONS)
    assert "kind Policy" in str(caught.value)


IDENTITY = """apiVersion: extproc/v1
kind: Identity
sources: [{type: api_key, file: KEYS}]
"""
KEYS = """apiVersion: extproc/v1
kind: ApiKeys
keys: [{id: one, hash: "sha256:HASH", tenant: acme}]
""".replace("HASH", "0" * 64)


def test_a_set_without_an_identity_document_has_none(tmp_path):
    assert loaded(tmp_path, p=PLAIN).identity is None


def test_keys_come_from_the_directory_or_from_elsewhere(tmp_path):
    inside = loaded(
        tmp_path / "a", p=PLAIN, identity=IDENTITY.replace("KEYS", "keys.yaml"), keys=KEYS
    )
    secret = tmp_path / "secret.yaml"
    secret.write_text(KEYS)
    outside = loaded(tmp_path / "b", p=PLAIN, identity=IDENTITY.replace("KEYS", str(secret)))
    assert inside.identity.keys["keys.yaml"].entries == outside.identity.keys[str(secret)].entries
    assert inside.watched == ()
    assert outside.watched == (secret,)


def test_a_changed_key_changes_the_set_and_no_policy(tmp_path):
    identity = IDENTITY.replace("KEYS", "keys.yaml")
    one = loaded(tmp_path / "a", p=PLAIN, identity=identity, keys=KEYS)
    other = loaded(tmp_path / "b", p=PLAIN, identity=identity, keys=KEYS.replace("0000", "1000", 1))
    assert one.digest != other.digest
    assert one.policies[0].digest == other.policies[0].digest
    assert "0" * 64 not in str(one.content)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (None, "the file 'keys.yaml' cannot be read: No such file or directory"),
        (PLAIN.replace("plain", "other").replace("kind: Policy", "kind: Policy\nmatch: {tenants: [z]}"),
         "no document of kind ApiKeys in 'keys.yaml'"),
        (KEYS.replace("]", f', {{id: two, hash: "sha256:{"0" * 64}", tenant: x}}]'),
         "keys[1].hash: key 'one' has the same hash; each stands once"),
        (KEYS.replace("]", f', {{id: one, hash: "sha256:{"1" * 64}", tenant: x}}]'),
         "keys[1].id: key 'one' has the same id; each stands once"),
    ],
)  # fmt: skip
def test_key_files_that_are_refused(tmp_path, keys, message):
    files = {"p": PLAIN, "identity": IDENTITY.replace("KEYS", "keys.yaml")}
    if keys is not None:
        files["keys"] = keys
    with pytest.raises(PolicyErrors) as caught:
        loaded(tmp_path, **files)
    assert message in str(caught.value)


def test_a_key_file_that_everyone_can_write_is_refused_and_one_to_read_is_warned_of(tmp_path):
    directory = write(tmp_path, p=PLAIN, identity=IDENTITY.replace("KEYS", "keys.yaml"), keys=KEYS)
    keys = directory / "keys.yaml"
    keys.chmod(0o640)
    assert load(directory, SECTIONS).warnings == ()
    keys.chmod(0o644)
    assert load(directory, SECTIONS).warnings == (
        f"{keys}: holds key hashes and can be read by everyone; use mode 0640",
    )
    keys.chmod(0o646)
    with pytest.raises(PolicyErrors) as caught:
        load(directory, SECTIONS)
    assert "the file 'keys.yaml' can be written by everyone" in str(caught.value)


def test_secrets_in_the_wrong_place_are_never_shown(tmp_path):
    keys = KEYS.replace(f"sha256:{'0' * 64}", "sk-very-secret").replace("acme", "[sk-very-secret]")
    with pytest.raises(PolicyErrors) as caught:
        loaded(tmp_path, p=PLAIN, keys=keys)
    assert "keys[0].hash" in str(caught.value)
    assert "keys[0].tenant" in str(caught.value)
    assert "very-secret" not in str(caught.value)


def test_every_error_of_every_file_is_told_at_once_in_order(tmp_path):
    shutil.copy(ROOT / "policies" / "models.yaml", tmp_path)
    for name in "cab":
        (tmp_path / f"{name}.yaml").write_text(
            f"{HEAD}metadata: {{name: {name}}}\nmode: x\nusage: y\n"
        )
    with pytest.raises(PolicyErrors) as caught:
        load(tmp_path, SECTIONS)
    places = [(Path(error.file).name, error.line) for error in caught.value.errors]
    assert places == [(f"{name}.yaml", line) for name in "abc" for line in (4, 5)]
