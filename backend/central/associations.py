"""Associations over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.associations.registry import (
    PageOfStandings,
    RegistryAway,
    RegistryFailed,
    RegistryOutdated,
    RegistryRefused,
    RegistryStanding,
)
from backend.associations.values import Association
from backend.central.client import CentralClient
from backend.central.errors import CentralAway, CentralCallFailed, CentralRefusal
from backend.central.messages import PAGE, M, Standing, StandingPage, association_body

ABOUT_IT = {"malformed", "too-large", "data-unusable", "outdated", "taken"}
"""Refusals that say something of the association; the others would meet any."""


class HttpRegistry:
    """Tells the distributor's central system, one try at a time: who tells has patience of their own."""

    def __init__(self, client: CentralClient) -> None:
        self._client = client

    async def put(self, association: Association, revision: int) -> None:
        """See `AssociationRegistry`."""
        body = association_body(association, revision)
        standing = await self._ask("putAssociation", "PUT", _path(association.id), Standing, body=body)
        _check(standing, association.id, revision, live=True)

    async def delete(self, association_id: int, revision: int) -> None:
        """See `AssociationRegistry`."""
        standing = await self._ask(
            "deleteAssociation", "DELETE", _path(association_id), Standing, query={"revision": revision}
        )
        _check(standing, association_id, revision, live=False)

    async def page(self, after: int) -> PageOfStandings:
        """See `AssociationRegistry`."""
        query = {"after": after, "limit": PAGE}
        page = await self._ask("listAssociations", "GET", "/v1/associations", StandingPage, query=query)
        ids = [each.association for each in page.associations]
        if ids != sorted(set(ids)) or (ids and ids[0] <= after) or (page.more and not ids):
            raise RegistryRefused("order")
        if not all(each.live for each in page.associations):
            raise RegistryRefused("not-live")
        standings = tuple(RegistryStanding(each.association, each.revision) for each in page.associations)
        return PageOfStandings(standings, page.more)

    async def _ask(
        self,
        name: str,
        method: str,
        path: str,
        answer: type[M],
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, int] | None = None,
    ) -> M:
        try:
            return await self._client.ask(name, method, path, answer, body=body, query=query, attempts=1)
        except CentralAway as away:
            raise RegistryAway(away.reason, away.after) from away
        except CentralRefusal as refusal:
            if refusal.reason == "outdated" and refusal.revision:
                raise RegistryOutdated(refusal.revision) from refusal
            error = RegistryRefused if refusal.reason in ABOUT_IT else RegistryFailed
            raise error(refusal.reason) from refusal
        except CentralCallFailed as failure:
            raise RegistryFailed(failure.reason) from failure


def _path(association_id: int) -> str:
    return f"/v1/associations/{association_id}"


def _check(standing: Standing, association_id: int, revision: int, *, live: bool) -> None:
    """Raises RegistryRefused where the answer is about something else than what was told."""
    if (standing.association, standing.revision, standing.live) != (association_id, revision, live):
        raise RegistryRefused("another-answer")
