"""What people see of a CRM in the sandbox: customers, letters, requests and switches.

Rendered here, without JavaScript and without anything from elsewhere. A form posts to the page
that it stands on, and is answered with a way back to it.
"""

from __future__ import annotations

from integrations.sandbox.pages.site import Site

__all__ = ["Site"]
