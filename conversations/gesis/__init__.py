"""The factor K of GESIS meters in the chat."""
