"""What to do about a departure: watch, decide, plan, deliver, and know what became of it."""

__version__ = "0.1.0"
