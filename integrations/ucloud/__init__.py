"""UCloud USMS: signatures, templates, balance and usage. Import the module that is needed; this one imports nothing."""
