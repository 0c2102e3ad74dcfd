"""Two CRMs over HTTP, for demos, trials and tests: true to the wire, and to be looked at.

Follows the vendors' documents and recorded answers. Shares no code with the adapters, because
shared code would hide a shared mistake.
"""
