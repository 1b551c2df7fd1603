"""Figures: plain results in, a `Picture` out: drawn, said in words and laid out as a table.

One module a figure. Each takes numbers and names, never a widget or a file, and reads no state of
matplotlib but its own style (`kit.figures.ink`).
"""
