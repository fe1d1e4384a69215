"""A stand-in for Telegram: the local Bot API, its user side and a phone-like page.

Nothing here reaches the internet, and the product itself imports nothing from here: the demo command and the
tests embed `sandbox.server.LocalBotApi`.
"""
