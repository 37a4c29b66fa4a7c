"""The SDK's client: built at the first call, one for each process, so never carried across a fork."""

import logging
import os
import threading
from functools import lru_cache

import groq
import httpx
from django.conf import settings

from agent.llm.deadline import DeadlineTransport

ADDRESS = "https://api.groq.com"
_SUFFIX = "/openai/v1"  # the SDK adds it; other products want it in the address

_building = threading.Lock()

# At DEBUG these write whole requests, and with them what clients wrote.
for _name in ("groq", "httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


def configured() -> bool:
    return bool(settings.GROQ_ENABLED and settings.GROQ_API_KEY.strip())


def client() -> groq.Groq:
    """Shared by the threads of the process. Retries are ours: the SDK sleeps up to a minute between its own."""
    base_url = settings.GROQ_BASE_URL.strip().rstrip("/").removesuffix(_SUFFIX) or ADDRESS
    with _building:  # threads that start together would each read the certificates
        return _client(os.getpid(), settings.GROQ_API_KEY.strip(), base_url)


@lru_cache(maxsize=4)
def _client(_pid: int, api_key: str, base_url: str) -> groq.Groq:
    return groq.Groq(
        api_key=api_key,
        base_url=base_url,
        max_retries=0,
        http_client=httpx.Client(transport=DeadlineTransport(), follow_redirects=False),
    )
