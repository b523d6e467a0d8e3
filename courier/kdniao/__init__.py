"""KDNiao 快递鸟 (kdniao.com), an aggregator with one carrier chosen behind it: mapper, client, vocabulary, and the
partner that puts them together."""
