"""Grading a class from what was handed in: collect, read strictly, score, keep the books.

Nothing handed in is executed, imported or followed. The road: `layouts` and `archives` say whose
file is whose, `collect` streams them, `strict` and `handed_in` turn bytes into one typed object or
a reason, `grade` scores it, `ledger` keeps what is done, `gradebook` writes rows and results,
`reports` the pages.
"""
