"""What both ends share: signatures, envelopes, messages. Without anything of the server or of the laptop."""
