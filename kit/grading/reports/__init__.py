"""Pages for people: what a learner gets back, the index for the teacher, the class report."""
