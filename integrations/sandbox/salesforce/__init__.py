"""Salesforce as its API clients and its users meet it: an org over HTTP, v60.0 to v66.0."""

from __future__ import annotations

from integrations.sandbox.salesforce.dialect import Salesforce

__all__ = ["Salesforce"]
