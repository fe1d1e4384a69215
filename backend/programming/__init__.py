"""Programming jobs: who programs which association's device on site, and what the device said."""
