from __future__ import annotations

import os

from hypothesis import settings

# The first example of a country loads its table of holidays; busy machines are slow.
# A run that fails tells of the change it ran on, not of luck: only long games are drawn anew.
settings.register_profile("calm", deadline=None, max_examples=40, derandomize=True)
settings.register_profile("long", deadline=None, max_examples=500, stateful_step_count=60)
settings.load_profile(os.environ.get("AUREVOIR_HYPOTHESIS", "calm"))
