"""Tencent Cloud SMS, API version 2021-01-11, on both of its sites."""
