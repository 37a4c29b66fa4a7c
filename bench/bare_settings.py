"""The product's settings, with the floor of `api` among its addresses."""

from crm.settings import *  # noqa: F403

ROOT_URLCONF = "bench.bare_urls"
