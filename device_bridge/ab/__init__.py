"""The AB protocol: how an additional block (the laptop) talks to a Smart Info or MOME over serial.

Facts from public material; not tried on hardware.
"""
