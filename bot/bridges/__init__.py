"""Device bridges beside the turns: the gateway to which they connect, and what they are asked."""
