"""Proof on real people, whose true angles nobody knows: ``python -m benchmarks.reality``."""
