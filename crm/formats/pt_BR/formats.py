"""Short, as in tables: 21/11/2026 12:30."""

DATE_FORMAT = "d/m/Y"
DATETIME_FORMAT = "d/m/Y H:i"
