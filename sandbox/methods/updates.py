"""Methods by which a bot gets its updates."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from sandbox.call import Call, method
from sandbox.errors import bad_request, conflict
from sandbox.json_values import Json

MAX_POLL_SECONDS = 50
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}", re.ASCII)


def allowed_updates(call: Call) -> list[str] | None:
    kinds = call.array("allowed_updates", "can't parse allowed updates JSON object")
    return None if kinds is None else [str(kind) for kind in kinds]


@method("getUpdates")
async def get_updates(call: Call) -> list[Json]:
    if call.bot.webhook is not None:
        raise conflict(
            "can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first"
        )
    updates = call.bot.updates
    updates.allow(allowed_updates(call))
    timeout = min(max(call.integer("timeout"), 0), MAX_POLL_SECONDS)
    return await updates.poll(call.integer("offset"), call.integer("limit", 100), timeout)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def checked_url(url: str) -> str:
    """A webhook address. Telegram asks for HTTPS on the internet; this server calls its own machine only."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise bad_request("bad webhook: Invalid URL specified") from None
    if parts.scheme not in ("http", "https"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if not _is_loopback(parts.hostname or ""):
        raise bad_request("bad webhook: the local Bot API delivers to this machine only")
    return url


@method("setWebhook")
async def set_webhook(call: Call) -> bool:
    url = call.text("url")
    if not url:
        return await delete_webhook(call)
    secret = call.text("secret_token")
    if secret and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    checked_url(url)
    bot = call.bot
    bot.updates.allow(allowed_updates(call))
    if call.flag("drop_pending_updates"):
        bot.updates.clear()
    bot.updates.interrupt("terminated by setWebhook request")
    connections = min(max(call.integer("max_connections", 40), 1), 100)
    await call.world.set_webhook(bot, url, secret or None, connections)
    return True


@method("deleteWebhook")
async def delete_webhook(call: Call) -> bool:
    if call.flag("drop_pending_updates"):
        call.bot.updates.clear()
    await call.world.remove_webhook(call.bot)
    return True


@method("getWebhookInfo")
async def get_webhook_info(call: Call) -> Json:
    bot = call.bot
    info: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": len(bot.updates)}
    if bot.webhook is not None:
        info |= bot.webhook.info()
    if bot.updates.allowed is not None:
        info["allowed_updates"] = sorted(bot.updates.allowed)
    return info


@method("logOut")
async def log_out(call: Call) -> bool:
    return await _leave(call)


@method("close")
async def close(call: Call) -> bool:
    return await _leave(call)


async def _leave(call: Call) -> bool:
    """A bot may leave a server and come back; the local one keeps its updates meanwhile."""
    await call.world.remove_webhook(call.bot)
    call.bot.updates.interrupt("terminated by another server")
    return True
