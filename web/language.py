"""In which language somebody wants to be answered: English when their `Accept-Language` begins with it, else Chinese.

Asked of the request alone, so that a notice on the wall needs no account. Never an error: a header of nonsense, or none,
is Chinese. What is kept (answers, audit lines, documents) stays Chinese whatever is shown.
"""

from typing import Annotated, Literal

from fastapi import Depends, Request

Language = Literal["zh", "en"]
HEADER = "Accept-Language"
PARAMETER = "lang"


def wanted(request: Request) -> Language:
    return asked(request.query_params.get(PARAMETER, ""), request.headers.get(HEADER, ""))


def asked(parameter: str, header: str) -> Language:
    """`?lang=` stands before the header: an answer that a browser fetches ahead must be told apart by its address."""
    return spoken(parameter or header)


def spoken(header: str) -> Language:
    """What the header's first entry names: `en`, `en-GB`, `EN;q=0.9`. Phones list what they like best first."""
    first = header.split(",", 1)[0].split(";", 1)[0].strip().lower()
    return "en" if first == "en" or first.startswith("en-") else "zh"


Wanted = Annotated[Language, Depends(wanted)]
