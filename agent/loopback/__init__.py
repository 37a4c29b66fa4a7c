"""A Groq of our own on the loopback interface: for tests through the real SDK, the demo, and trying things by hand.

with Endpoint() as groq:                        # a small model that talks
    settings.GROQ_BASE_URL = groq.url
with Endpoint({"status": 503, "body": ""}): ...   # or one that fails as told
"""

from agent.loopback.endpoint import Endpoint
from agent.loopback.rules import Call, Fault, InTurn, Played, Rules
from agent.loopback.talker import Talker

__all__ = ["Call", "Endpoint", "Fault", "InTurn", "Played", "Rules", "Talker"]
