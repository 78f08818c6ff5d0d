"""Small changes made at random in the code: which of them do the tests notice?

`python -m tests.mutate [--count N] [--seed S]` (`make mutate`). Cosmic Ray makes the changes, in a
copy of the repository. The tests run once, and coverage notes which of them execute which line. For
each change at most `MOST_TESTS` of them run until one fails. SQL is text in Python, so its
conditions are not among the changes.
"""
