"""Writes the metadata of the Salesforce plugin: ``python -m tools.salesforce_plugin``."""
