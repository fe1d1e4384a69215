"""The device bridge: the process on a technician's laptop, between the device and the service.

It knows nothing of the server's packages.
"""
