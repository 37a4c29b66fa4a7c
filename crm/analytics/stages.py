"""The stages as figures count them."""

from leads.pipeline import Status

# From coming to being won: who got far has got as far as every stage before. LOST is no stage but an end.
REACHED = (Status.NEW, Status.CONTACTED, Status.QUALIFIED, Status.PROPOSAL, Status.WON)
OPEN = REACHED[:-1]
