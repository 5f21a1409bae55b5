"""All that the program imports, early or late, for the process that others are forked from (`tests/forked.py`)."""

import gc
import importlib
import pkgutil

import bot
import handlers
import integrations

for place in (bot, handlers, integrations):
    for module in pkgutil.walk_packages(place.__path__, f"{place.__name__}."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)

gc.freeze()  # else each process would copy what it never changes
