"""Examples of the API's description."""

from drf_spectacular.utils import OpenApiExample

_HEAD = {
    "period": {"first": "2026-11-01", "last": "2026-11-20"},
    "as_of": "2026-11-20T14:00:00Z",
    "rebuilding": False,
}
_HEADLINE = {
    "leads": 120, "won": 9, "won_cents": 184_500_000, "lost": 31, "conversion": 0.075, "response_median_s": 412,
    "livia_share": 0.61, "cost_usd": "3.412000", "unpriced": False,
}  # fmt: skip
_STEPS = (("NEW", "Novo", 120, None, 40), ("CONTACTED", "Contatado", 80, 0.6667, 40), ("WON", "Ganho", 9, 0.1125, 0))
_FUNNEL = {
    "leads": 120,
    "steps": [
        {
            "stage": stage, "label": label, "reached": reached, "of_all": round(reached / 120, 4),
            "of_previous": of_previous, "lost": 4, "open": still,
        }
        for stage, label, reached, of_previous, still in _STEPS
    ],
    "lost": 31,
    "conversion": 0.075,
}  # fmt: skip
EVERYTHING = OpenApiExample(
    "Shortened", {**_HEAD, "headline": _HEADLINE, "funnel": _FUNNEL}, response_only=True, status_codes=["200"]
)
FUNNEL = OpenApiExample("The funnel", {**_HEAD, "funnel": _FUNNEL}, response_only=True, status_codes=["200"])
