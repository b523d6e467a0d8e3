"""The residents' app: its first screen on a slow phone, a large photograph, and two hundred residents at once."""

from bench import app_screens, crowd
from bench.options import Options
from bench.progress import Say
from bench.service_parts import running


def run(options: Options, say: Say) -> str:
    """The section of the report, in Markdown."""
    with running(options.url) as (base, _):
        return "\n\n".join([app_screens.run(base, options.times, say), crowd.run(base, say)])
