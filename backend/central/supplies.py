"""Look-ups over HTTP."""

from __future__ import annotations

from backend.central.client import CentralClient
from backend.central.errors import CentralAway, CentralCallFailed, CentralRefusal, CentralUnreadable
from backend.central.messages import Household
from backend.supplies.errors import CentralDataError, CentralFailed, CentralUnavailable
from backend.supplies.household import answer_from
from backend.supplies.pod import Pod
from backend.supplies.values import CentralAnswer


class HttpCentralSystem:
    """Asks the distributor's central system."""

    def __init__(self, client: CentralClient) -> None:
        self._client = client

    def is_local(self, pod: Pod) -> bool:
        return False

    async def look_up(self, pod: Pod) -> CentralAnswer:
        """See `CentralSystem`. Data that are not as agreed are CentralDataError: they are this POD's. Where
        it failed, or answered nothing that can be read, CentralFailed.
        """
        try:
            found = await self._client.ask(
                "lookUp", "POST", "/v1/look-ups", Household, body={"pod": pod.code}
            )
        except CentralAway as failure:
            raise CentralUnavailable(failure.reason) from failure
        except CentralRefusal as refusal:
            if refusal.reason == "data-unusable":
                raise CentralDataError(refusal.reason) from refusal
            raise CentralFailed(refusal.reason) from refusal
        except CentralUnreadable as failure:
            if failure.reason == "shape":
                raise CentralDataError(failure.reason) from failure
            raise CentralFailed(failure.reason) from failure
        except CentralCallFailed as failure:
            raise CentralFailed(failure.reason) from failure
        household = [row.supply for row in found.supplies]
        points = {supply.point for supply in household}
        if len(points) != len(household):
            raise CentralDataError("supply-twice")
        if household and pod.point not in points:
            raise CentralDataError("another-supply")
        return answer_from(pod, household)
