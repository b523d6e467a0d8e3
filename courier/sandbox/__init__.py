"""A partner to develop, demonstrate and test against: a real HTTP server that speaks China Post EMS's protocol.

`python -m courier.sandbox --help`. It takes orders, refuses bad ones, plays a parcel's life as sealed pushes, and does
on demand what networks and partners do to us: it doubles, reorders, delays and loses pushes, forgets to answer, answers
rubbish. The EMS client cannot tell it from the real one, but for what `server.py` lists as extensions.

State is in memory; `--journal FILE` writes it down and takes it up again. It keeps towns and numbers, no people. It is
not for the open network: it listens on this machine, and its control pages answer this machine only.
"""
