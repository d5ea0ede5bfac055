"""What was checked before, and how it changes."""
