"""Where practices are kept: one database on this computer, or memory only."""
