"""The learners' bundle: what goes in, what stays out, and the check that no key can be read."""
