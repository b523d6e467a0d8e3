"""A partner to develop, demonstrate and test against: a real HTTP server that speaks the protocol of China Post EMS, of
SF Express or of Kuaidi100.

`python -m courier.sandbox --help`. It takes orders, refuses bad ones, plays a parcel's life as pushes, and does on
demand what networks and partners do to us: it doubles, reorders, delays and loses pushes, forgets to answer, answers
rubbish. The clients cannot tell it from the real ones, but for what each speaker (`ems.py`, `sf.py`, `kuaidi100.py`)
lists as its extensions. The order book, the life and the misfortunes are one and the same behind all three.

State is in memory; `--journal FILE` writes it down and takes it up again. It keeps towns and numbers, no people. It is
not for the open network: it listens on this machine, and its control pages answer this machine only.
"""
