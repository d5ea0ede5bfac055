"""Measurements of formcheck itself, and the rendered people they are made on."""
