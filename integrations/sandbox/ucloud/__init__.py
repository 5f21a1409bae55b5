"""UCloud's server."""
