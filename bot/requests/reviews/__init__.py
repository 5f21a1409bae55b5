"""Following the reviewers and the carriers."""
