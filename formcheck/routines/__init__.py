"""Routines: exercises in an order, with sets and rests, that adapt to how it goes."""
