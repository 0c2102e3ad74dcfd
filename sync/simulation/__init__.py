"""Departures in simulated time: the real plan over a CRM that is kept in memory."""
