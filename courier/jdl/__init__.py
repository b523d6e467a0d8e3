"""JD Logistics 京东物流 (api.jdl.com), asked and never pushed: mapper, client, vocabulary, and the partner that puts them
together."""
