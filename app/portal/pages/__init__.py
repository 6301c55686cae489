"""The pages, one module for each task. Each function takes a turn and gives an answer; none knows Flask."""
