"""The messaging platform residents live in: who signs in from it, what is told them through it, what it pushes to us.

One port (`port`), two bodies: WeChat (`wechat`) and the embedded one for one's own machine (`embedded`). What is said
is data (`texts.yaml`). What a platform refuses goes out by text message (`sms`).

Promises: whether a message was taken is known, or `PlatformDown` says that it is not. Refuses: sending a picture. There
is no call here to a platform's content checkers, because what residents photograph are identity papers.
"""
