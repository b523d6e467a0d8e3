"""Carriers of our own: the grid worker 网格员, the drop box 小蜜蜂箱 and the counter, behind the same port as everybody.

There is no network: a booking has its number at once, made from the order id, and what happens to an envelope is
scanned by our own people at our own doors.
"""
