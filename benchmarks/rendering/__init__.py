"""Films of rendered people exercising, whose joint positions are known exactly.

Needs the extra ``render`` of formcheck; nothing else in the project does.
"""
