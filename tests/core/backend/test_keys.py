"""Keys: on disk for one user only, rotated without losing what older ones sealed or signed."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core.keys.errors import (
    KeysExist,
    KeysExposed,
    KeysMissing,
    SecretUnreadable,
)
from backend.core.keys.store import KeyInfo, KeyStore
from backend.core.keys.vault import Vault
from device_bridge.wire.errors import UntrustedAnnouncement
from device_bridge.wire.signing import SigningKeys, read_announcement
from tests.samples import START


@pytest.fixture
def store(tmp_path: Path) -> KeyStore:
    made = KeyStore(tmp_path / "keys")
    made.init()
    return made


def test_keys_are_readable_by_one_user_only(store: KeyStore, tmp_path: Path) -> None:
    store.rotate_signing(START)
    paths = [tmp_path / "keys", *(tmp_path / "keys").rglob("*")]
    assert len(paths) >= 8
    for path in paths:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path.name


@pytest.mark.parametrize("name", ["vault.keys", "signing.pem", "."])
def test_keys_readable_by_others_are_refused(store: KeyStore, tmp_path: Path, name: str) -> None:
    (tmp_path / "keys" / name).chmod(0o755 if name == "." else 0o640)
    with pytest.raises(KeysExposed):
        store.list()


def test_keys_are_never_overwritten(store: KeyStore, tmp_path: Path) -> None:
    before = (tmp_path / "keys" / "vault.keys").read_bytes()
    with pytest.raises(KeysExist):
        store.init()
    assert (tmp_path / "keys" / "vault.keys").read_bytes() == before
    nowhere = KeyStore(tmp_path / "nowhere")
    assert not nowhere.exists
    with pytest.raises(KeysMissing):
        nowhere.vault()
    with pytest.raises(KeysMissing):
        nowhere.rotate_signing(START)


def test_data_sealed_by_an_older_key_opens_after_a_rotation(store: KeyStore) -> None:
    sealed = store.vault().encrypt(b"secret")
    store.rotate_vault()
    newer = store.vault()
    assert newer.decrypt(sealed) == b"secret"
    assert store.list().vault_keys == 2
    resealed = newer.reseal(sealed)
    assert newer.decrypt(resealed) == b"secret"
    assert Vault([Fernet.generate_key(), *_newest(store)]).decrypt(resealed) == b"secret"
    with pytest.raises(SecretUnreadable):
        Vault(_newest(store)).decrypt(sealed)


def _newest(store: KeyStore) -> list[bytes]:
    return store._read(store._vault).split()[:1]


def test_a_new_signing_key_is_announced_by_the_old_one(store: KeyStore) -> None:
    old = store.signing()
    message = b"signed before"
    signature = old.sign(message)
    new_id = store.rotate_signing(START)
    new = store.signing()
    assert new.key_id == new_id != old.key_id
    assert new.trusted.verifies(old.key_id, signature, message)
    announcement = store.announcements()[new_id]
    told = read_announcement(announcement, old.trusted)
    assert (told.key_id, told.announced_by, told.at) == (new_id, old.key_id, START)
    assert set(store.list().signing) == {
        KeyInfo(old.key_id, signs=False, announced=False),
        KeyInfo(new_id, signs=True, announced=True),
    }


def test_a_chain_of_announcements_leads_from_the_first_key_to_the_last(store: KeyStore) -> None:
    known = store.trusted()
    ids = [store.rotate_signing(START) for _ in range(3)]
    for key_id in ids:
        known = known.accept(store.announcements()[key_id])
    last = store.signing()
    assert known.verifies(last.key_id, last.sign(b"now"), b"now")


def test_an_announcement_by_a_stranger_is_refused() -> None:
    ours, stranger = SigningKeys.generate(), SigningKeys.generate()
    successor = Ed25519PrivateKey.generate().public_key()
    with pytest.raises(UntrustedAnnouncement):
        ours.trusted.accept(stranger.announce(successor, START))


@settings(max_examples=200)
@given(st.data())
def test_a_changed_announcement_is_refused(data: st.DataObject) -> None:
    ours = SigningKeys.generate()
    announcement = bytearray(ours.announce(Ed25519PrivateKey.generate().public_key(), START))
    position = data.draw(st.integers(0, len(announcement) * 8 - 1))
    announcement[position // 8] ^= 1 << position % 8
    with pytest.raises(UntrustedAnnouncement):
        ours.trusted.accept(bytes(announcement))


def test_secrets_do_not_show_in_representations(store: KeyStore) -> None:
    secrets = [*store._read(store._vault).split(), store._read(store._signing)]
    for shown in (repr(store), repr(store.vault()), repr(store.signing()), repr(store.list())):
        assert not any(secret.decode() in shown for secret in secrets)
    assert repr(store.vault()) == "Vault(1 keys)"


def test_a_vault_needs_a_key() -> None:
    with pytest.raises(ValueError, match="needs a key"):
        Vault([])
