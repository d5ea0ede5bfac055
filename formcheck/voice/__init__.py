"""The voice of a session, and its small sounds."""
