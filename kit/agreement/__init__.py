"""Whether separate readers of a text find the same things, and what the key counts."""
