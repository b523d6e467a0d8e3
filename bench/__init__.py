"""Measured, not supposed: how well and how fast pages are read and judged, beside the peers, and how long a resident waits.

`python -m bench` runs every part and writes `bench/RESULTS.md`; `python -m bench reading judging` some of them.
`service`: uploads and whole applications through the running service. `judging`: planted faults of content. `reading`: every
kind at three levels and real photographs, beside rapidocr, tesseract and ocrmypdf. `quality`: planted defects of the picture.
`pushes`: the courier's door. `--resume` goes on where an interrupted run stopped; `--peers-limit N` gives the slow peers fewer pictures.

ocrmypdf is Debian's package, installed by `make bench` and by nothing else: its Python libraries are the system's, apart
from those of the lock file.
"""
