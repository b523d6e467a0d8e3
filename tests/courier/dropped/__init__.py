"""A partner as somebody else would write it: nothing of the program's own text knows its name."""
