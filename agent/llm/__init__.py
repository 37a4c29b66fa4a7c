"""The language model behind Lívia: one call that never raises and never outlives its deadline.

`client.ask` and `transcription.transcribe` are the doors. All that Groq's SDK lets through ends here.
"""
