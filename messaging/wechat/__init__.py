"""WeChat as the messaging platform: login, telephone number, subscribe messages, pushes.

Three layers as with a courier: `calls` and `crypto` are pure, `client` speaks HTTP, `codes` is the table of what the
platform's numbers mean. `tokens` keeps the one access token that all processes share. Source of addresses, forms and
codes: WeChat's public documentation of the server API.
"""
