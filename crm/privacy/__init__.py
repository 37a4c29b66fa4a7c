"""What the LGPD asks for: a person's data handed out, erased, kept no longer than needed."""
