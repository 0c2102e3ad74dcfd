"""HubSpot over HTTP: one portal that answers as HubSpot documents it, and was seen to.

Paths of version 2026-09. Where a document and a recorded answer differ, the answer wins; what
neither tells is marked in the module that had to decide.
"""

from __future__ import annotations

from integrations.sandbox.hubspot.dialect import HubSpot

__all__ = ["HubSpot"]
