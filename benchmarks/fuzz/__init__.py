"""Damaged and hostile input of every kind, given to the real commands."""
