"""From the file to a running bot; the only part that knows integrations and handlers."""
