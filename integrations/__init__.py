"""How to talk to a CRM or a survey tool. Knows nothing of off-boarding."""
