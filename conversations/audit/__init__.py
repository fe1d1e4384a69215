"""The audit in the chat, for auditors."""
