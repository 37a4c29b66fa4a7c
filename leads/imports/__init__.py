"""Leads from a file: read, mapped to fields, tried out, written, and taken back."""
