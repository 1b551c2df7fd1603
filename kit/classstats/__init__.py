"""A class in figures, without names: what was marked by how many, and how that meets the key.

`watch` reads a folder as it fills, `board` puts the figures together; the others are pure functions
of an exercise and the records that `kit.grading.grade` makes.
"""
