"""What the program costs, each figure beside a yardstick measured in the same run: `python3 tasks.py bench` writes `benchmarks/RESULTS.md`."""
