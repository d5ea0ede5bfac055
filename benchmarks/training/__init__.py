"""Trains the angle refiner on rendered people: ``make train``."""
