"""Exercises as data: TOML files and their loader."""
