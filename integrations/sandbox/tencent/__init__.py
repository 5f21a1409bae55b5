"""Tencent's server."""
