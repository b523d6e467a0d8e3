"""What others push to us. Verified over raw bytes, kept, committed, then answered in the sender's own form."""
