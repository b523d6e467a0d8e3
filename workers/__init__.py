"""The engine room: what runs in the background, and the command line for those who operate it.

The composition root beside `web`: it reads the environment once and hands values down. Imports everything below and
never `web`.
"""
