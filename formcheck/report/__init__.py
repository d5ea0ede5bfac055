"""Reports as JSON and tables."""
