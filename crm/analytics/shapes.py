"""What the figures look like. Money is in cents, times in seconds, shares from 0 to 1; None: nothing to measure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from crm.analytics.period import Period

Dimension = Literal["source", "product", "uf", "consultant"]
DIMENSIONS: tuple[Dimension, ...] = ("source", "product", "consultant", "uf")
NONE = "none"  # as a filter: leads without a product, or without a state
NOBODY = 0  # as a filter: leads without a consultant


@dataclass(frozen=True)
class Filters:
    """Only leads with these values, as they are now; empty (None for the consultant) is any."""

    source: str = ""
    product: str = ""  # or NONE
    uf: str = ""  # or NONE
    consultant_id: int | None = None  # or NOBODY

    @property
    def any(self) -> bool:
        return bool(self.source or self.product or self.uf) or self.consultant_id is not None


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


@dataclass(frozen=True)
class Headline:
    """`won`, `won_cents` and `lost` happened in the period; `conversion` is of the leads that came in it."""

    leads: int
    won: int
    won_cents: int
    lost: int
    conversion: float | None
    response_median_s: int | None
    livia_share: float | None  # of the new clients she answered, those no person has written to
    cost_usd: Decimal | None  # None: nothing that has a price
    unpriced: bool  # some turns were by a model without a price


@dataclass(frozen=True)
class FunnelStep:
    """`stage` is a Status. `reached` got this far or further; `lost` were given up here, `open` rest here now."""

    stage: str
    label: str
    reached: int
    of_all: float | None
    of_previous: float | None  # None also for the first
    lost: int
    open: int


@dataclass(frozen=True)
class Funnel:
    """Leads that came in the period, by the furthest stage they have reached: NEW, CONTACTED … WON."""

    leads: int
    steps: tuple[FunnelStep, ...]
    lost: int
    conversion: float | None


@dataclass(frozen=True)
class ConversionRow:
    """`key` is a source, product or state, or a consultant's id as text; empty: none."""

    key: str
    label: str
    leads: int
    contacted: int
    qualified: int
    proposal: int
    won: int
    lost: int
    won_cents: int
    rate: float | None
    median_won_cents: int | None
    median_win_s: int | None  # from the lead's coming to its being won


@dataclass(frozen=True)
class Conversion:
    """Leads that came in the period, most first, and all of them together."""

    by: Mapping[Dimension, tuple[ConversionRow, ...]]
    total: ConversionRow


@dataclass(frozen=True)
class Bucket:
    """Answers later than the bucket before and within `upto_s`; None: any later."""

    upto_s: int | None
    count: int
    share: float | None


@dataclass(frozen=True)
class ResponseRow:
    """Of one consultant's leads; `key` empty: of leads without one."""

    key: str
    label: str
    asked: int
    answered: int
    median_s: int | None
    p90_s: int | None
    within_15m: float | None


@dataclass(frozen=True)
class Response:
    """First answer by a person, in business seconds. `asked` = `answered` + `waiting` + `with_livia`."""

    asked: int  # leads that came in the period and whose clock began
    answered: int
    waiting: int  # no person has written, nor does Lívia attend
    with_livia: int  # no person has written, Lívia attends
    median_s: int | None
    p90_s: int | None
    wall_median_s: int | None  # nights and weekends counted
    within_5m: float | None  # of the answered
    within_15m: float | None
    within_60m: float | None
    buckets: tuple[Bucket, ...]  # up to 5, 15, 60 min, 4 h, later
    consultants: tuple[ResponseRow, ...]


@dataclass(frozen=True)
class StageTime:
    """Stays that ended in the period (wall seconds), and the leads that rest in the stage now."""

    stage: str
    label: str
    stays: int
    median_s: int | None
    p90_s: int | None
    amber_s: int  # 0: never
    red_s: int
    beyond: float | None  # of the stays, those longer than red_s; None also where nothing is expected
    open: int
    open_beyond: int


@dataclass(frozen=True)
class StageTimes:
    rows: tuple[StageTime, ...]


@dataclass(frozen=True)
class Loss:
    reason: str
    label: str
    count: int
    share: float | None
    by_product: Mapping[str, int]  # product (empty: none) -> count


@dataclass(frozen=True)
class Losses:
    """Leads lost in the period, and still lost, most frequent reason first."""

    total: int
    rows: tuple[Loss, ...]
    products: tuple[tuple[str, str], ...]  # code and label of those in by_product, most first


@dataclass(frozen=True)
class Part:
    code: str
    label: str
    count: int
    share: float | None


@dataclass(frozen=True)
class ModelCost:
    """`usd` is of the turns that had a price on their day; `unpriced_turns` had none."""

    model: str
    turns: int
    tokens_in: int  # read, without `tokens_cached`
    tokens_cached: int
    tokens_out: int
    usd: Decimal | None
    unpriced_turns: int


@dataclass(frozen=True)
class Livia:
    """Her turns in the period; `met` and what became of it are of the leads that came in the period."""

    turns: int
    kinds: tuple[Part, ...]  # by the model, repaired, by rules, default reply
    fallback: float | None  # turns the model had no part in
    met: int  # leads she answered
    alone: int  # of these, no person has written and she handed nothing over
    handed_over: int
    share: float | None
    refused_turns: int
    refusals: tuple[Part, ...]
    costs: tuple[ModelCost, ...]
    cost_usd: Decimal | None
    unpriced: tuple[str, ...]
    heard: int  # voice messages transcribed
    unheard: int


@dataclass(frozen=True)
class HourCell:
    """`weekday` as date.weekday(). Messages by who wrote them."""

    weekday: int
    hour: int
    client: int
    livia: int
    person: int
    system: int


@dataclass(frozen=True)
class HourWait:
    """Waits of clients that began in this hour of the day, until anybody answered (wall seconds)."""

    hour: int
    waits: int
    mean_s: int | None
    within_5m: float | None
    within_60m: float | None


@dataclass(frozen=True)
class Hours:
    cells: tuple[HourCell, ...]  # 168: Monday 0 h first
    waits: tuple[HourWait, ...]  # 24
    client: int
    livia: int
    person: int
    system: int


@dataclass(frozen=True)
class ConsultantRow:
    """Leads that came in the period and are theirs now; tasks are theirs whosever the lead. `key` empty: nobody's."""

    key: str
    label: str
    leads: int
    open: int
    contacted: int
    won: int
    lost: int
    won_cents: int
    rate: float | None
    response_median_s: int | None
    tasks_done: int  # in the period
    tasks_overdue: int  # due in the period and still open after that


@dataclass(frozen=True)
class Consultants:
    rows: tuple[ConsultantRow, ...]


@dataclass(frozen=True)
class Figures:
    """Every block of the page."""

    period: Period
    headline: Headline
    funnel: Funnel
    conversion: Conversion
    response: Response
    stage_times: StageTimes
    losses: Losses
    livia: Livia
    hours: Hours
    consultants: Consultants


@dataclass(frozen=True)
class Standing:
    """`as_of`: everything up to then is in the figures; None before the first refresh. `rebuilding`: more is coming."""

    as_of: datetime | None
    rebuilding: bool
