"""Two integrators in the database, and keys."""

from __future__ import annotations

import pytest

from backend.core.db.database import Database
from backend.core.keys.signing import SigningKeys
from backend.core.keys.vault import Vault
from backend.identity.values import Actor
from tests.backend import world

VAULT_KEY = b"c2l4dGVlbiBieXRlcyBhcmUgbm90IDMyIGJ5dGVzISE="


@pytest.fixture
async def members(database: Database) -> tuple[Actor, Actor]:
    return await database.write(world.people)


@pytest.fixture
def us(members: tuple[Actor, Actor]) -> Actor:
    return members[0]


@pytest.fixture
def them(members: tuple[Actor, Actor]) -> Actor:
    return members[1]


@pytest.fixture
def vault() -> Vault:
    return Vault([VAULT_KEY])


@pytest.fixture
def signer() -> SigningKeys:
    return SigningKeys.generate()
