"""Sets and scripts behind the small classifiers; never imported by the program."""
