"""What the program is measured by: tasks with their datasets, scores with intervals, and the bounds below which a build is broken.

`python3 tasks.py evals` runs them all under Inspect AI and writes `evals/RESULTS.md`. The measuring functions know nothing of Inspect:
`harness.py` alone does. This folder imports the package; the package never imports this folder.
"""
