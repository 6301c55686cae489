"""What this installation consists of, and how it does."""
