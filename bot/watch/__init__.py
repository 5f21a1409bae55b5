"""What is measured, what deserves an alert, who looks after it."""
