"""Simulated devices, for the demo and the tests. They speak the AB protocol as a device with a meter does."""
