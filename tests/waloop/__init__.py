"""A loopback WhatsApp that drives the real neonize end to end. For tests only: see README.md."""
