"""What stands around every page: the command palette, the language, hints. May import every app; nobody imports it."""
