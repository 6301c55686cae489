"""The console's pages. Each asks the operations that the API has; none writes SQL."""
