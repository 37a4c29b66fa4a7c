"""WhatsApp itself, through neonize. Nothing outside this package imports that library, and only a session's process
imports this package."""

from whatsapp.gateways.neonize.gateway import NeonizeGateway

__all__ = ["NeonizeGateway"]
