"""WhatsApp itself, through neonize. Nothing outside this package imports that library, and only a session's process
imports `gateway`. What its modules need of the library they get from `library`, which tames it first."""
