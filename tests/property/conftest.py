from __future__ import annotations

from hypothesis import settings

# The first example of a country loads its table of holidays; busy machines are slow.
settings.register_profile("calm", deadline=None)
settings.load_profile("calm")
