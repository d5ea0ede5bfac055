"""Films of rendered people exercising, whose joint positions are known exactly.

Needs the extra ``formcheck[render]``; nothing else in the project does.
"""
