"""Recorded histories of invented cases: today's lifecycle must still lead each of them where it stood."""
