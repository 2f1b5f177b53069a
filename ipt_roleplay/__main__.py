"""`python -m ipt_roleplay`."""

from ipt_roleplay.cli import main

main()
