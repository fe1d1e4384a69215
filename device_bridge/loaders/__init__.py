"""Ways to load an SCP file onto a device. How the vendor's devices take it is not public."""
