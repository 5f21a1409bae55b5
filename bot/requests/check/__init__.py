"""What would be minded, before anything is submitted."""
