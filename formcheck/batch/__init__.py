"""Many clips: found, scored in processes of their own, and written into tables."""
