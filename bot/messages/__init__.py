"""Test messages, what became of them, and what people answered."""
