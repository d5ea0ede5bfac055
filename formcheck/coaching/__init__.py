"""Leading somebody through a session: what to say and to show, and when. No input or output."""
