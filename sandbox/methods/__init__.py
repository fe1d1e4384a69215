"""The Bot API's methods, by area. Importing this package registers them all."""

from sandbox.methods import chats, editing, files, profile, sending, topics, updates

__all__ = ["chats", "editing", "files", "profile", "sending", "topics", "updates"]
