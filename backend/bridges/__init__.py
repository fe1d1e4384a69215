"""Device bridges: technicians' laptops, paired by a code, revoked at will."""
