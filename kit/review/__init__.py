"""What a teacher decides about a class: marks of open answers, and passages they leave open.

Plain data and pure functions, below grading: `results` reads what a run of grading wrote, `marks`
and `accepted` keep two logs beside it, which the next run takes into account; `agreement` compares
two markers, `contests` gathers disagreements, `sitting` is one marker at work.
"""
