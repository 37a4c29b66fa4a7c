"""Small Portuguese word lists for tone, topics and manner of writing.

They were written for this project, by hand, with how clients of a credit consultancy write on WhatsApp in mind; they
are copied from no published lexicon. All are folded (lower case, no accents), as agent.brain.text.normalise gives it.
"""
