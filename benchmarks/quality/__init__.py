"""How good formcheck is, measured on rendered people whose truth is known.

``python -m benchmarks.quality`` renders the set of `plan` (or reuses it), runs the real
pipeline on it, and writes ``benchmarks/quality.json``, ``docs/quality.md`` and its plots.
``python -m benchmarks.quality.gate`` replays recordings of a part of it and fails when a
figure has become worse than its margin.
"""
