"""Logs as values: on a terminal to be read, in a container as JSON. Never a secret, never a word.

Whatever is a secret is registered here and taken out of every line, the longest first.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_secrets: set[str] = set()
_LINE = re.compile(r"[\r\n]+")


def hide(*secrets: str) -> None:
    """Take these out of everything that is logged from now on."""
    _secrets.update(secret for secret in secrets if secret)


def redacted(text: str) -> str:
    """The text without what is secret, on one line."""
    for secret in sorted(_secrets, key=len, reverse=True):
        text = text.replace(secret, "•••")
    return _LINE.sub(" ⏎ ", text)


def configure(*, format: str = "text", level: str = "info") -> None:
    """Send logs to standard error from now on."""
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _redact,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def _redact(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    return {
        name: redacted(value) if isinstance(value, str) else value for name, value in event.items()
    }
