"""Landmarks and angles in the forms that other programs read."""
