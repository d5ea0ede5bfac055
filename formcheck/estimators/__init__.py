"""Pose estimators: a frame in, a pose out."""
