"""Lívia's admin: what managers set, and the record of what she did."""

from agent.admin import business, learned, prices, products, prompts, turns

__all__ = ["business", "learned", "prices", "products", "prompts", "turns"]
