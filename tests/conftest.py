"""How every test runs."""

from hypothesis import settings

# How long an example takes says how busy the machine is; speed is measured by the programs under `benchmarks/`.
settings.register_profile("signpost", deadline=None)
settings.load_profile("signpost")
