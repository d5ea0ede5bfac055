"""Listeners that turn an analysis into files."""
