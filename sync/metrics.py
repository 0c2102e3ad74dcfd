"""What ``/metrics`` tells, for Prometheus. No labels that name people or records."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()

CALLS = Counter(
    "aurevoir_crm_calls", "Requests to a CRM.", ["crm", "operation", "outcome"], registry=REGISTRY
)
CALL_SECONDS = Histogram(
    "aurevoir_crm_call_seconds", "How long a CRM took to answer.", ["crm"], registry=REGISTRY
)
CYCLES = Counter("aurevoir_cycles", "Cycles of a connection.", ["connection"], registry=REGISTRY)
TROUBLE = Counter(
    "aurevoir_trouble",
    "Cycles that ended in trouble.",
    ["connection", "problem"],
    registry=REGISTRY,
)
LAST_CYCLE = Gauge(
    "aurevoir_last_cycle_timestamp_seconds",
    "When a connection's last whole cycle ended.",
    ["connection"],
    registry=REGISTRY,
)
OPENED = Counter("aurevoir_cases_opened", "Cases opened.", ["connection"], registry=REGISTRY)
WRITES = Counter("aurevoir_writes", "Writes the CRM has taken.", ["connection"], registry=REGISTRY)
FAILED = Counter("aurevoir_failed", "Writes that failed.", ["connection"], registry=REGISTRY)
HOOKS = Counter(
    "aurevoir_webhooks", "Webhooks heard.", ["connection", "outcome"], registry=REGISTRY
)
ANSWERS = Counter("aurevoir_answers", "Surveys answered.", registry=REGISTRY)
