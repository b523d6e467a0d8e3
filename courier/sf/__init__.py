"""SF Express 丰桥 (open.sf-express.com): mapper, client, vocabulary, and the partner that puts them together."""
