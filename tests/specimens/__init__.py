"""Invented application papers and a camera: what the tests, the demo and the benchmarks photograph.

Everyone and everything here is invented; see README.md. `whole_application` makes one resident's complete set,
`photograph` takes a picture of any paper, and `python -m tests.specimens` writes either to a folder.
"""

from tests.specimens.applications import Application, SpecimenPage, Variant, whole_application
from tests.specimens.camera import Defects, Level, Photograph, photograph, shoot
from tests.specimens.cards import id_card_back, id_card_front
from tests.specimens.forms import application_form
from tests.specimens.kinds import specimen
from tests.specimens.people import Person, invent

__all__ = [
    "Application",
    "Defects",
    "Level",
    "Person",
    "Photograph",
    "SpecimenPage",
    "Variant",
    "application_form",
    "id_card_back",
    "id_card_front",
    "invent",
    "photograph",
    "shoot",
    "specimen",
    "whole_application",
]
