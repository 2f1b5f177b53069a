"""The web server around the pages: its safe settings, who may come in, and whose talks are whose."""
