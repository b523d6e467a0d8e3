"""Kuaidi100 快递100 (api.kuaidi100.com), an aggregator with one carrier chosen behind it: mapper, client, vocabulary,
and the partner that puts them together."""
