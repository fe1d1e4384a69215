"""Devices in the chat: found by their codes."""

from __future__ import annotations

from conversations.core.feature import Feature
from conversations.devices.device import ShowDevice, recognise_devices

FEATURE = Feature(actions=(ShowDevice(),), recognisers=(recognise_devices,))
