"""The item manager: what items say, changing them as drafts, trying a change on past cases, approving and publishing it."""
