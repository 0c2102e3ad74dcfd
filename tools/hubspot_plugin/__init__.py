"""Writes what HubSpot's project has from elsewhere: ``python -m tools.hubspot_plugin``."""
