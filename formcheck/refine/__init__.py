"""Joint angles with their uncertainty."""
