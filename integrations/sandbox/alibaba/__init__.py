"""Alibaba's server."""
