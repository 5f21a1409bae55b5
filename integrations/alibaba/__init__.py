"""Alibaba Cloud SMS: signatures and templates through dysmsapi 2017-05-25, packages and balance through BssOpenApi."""
