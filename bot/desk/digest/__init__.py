"""The daily digest: what stands and what changed, across requests, quota, alerts and shifts."""
