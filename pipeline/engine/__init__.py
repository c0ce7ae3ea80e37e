"""What needs what, made once: the graph, the runner, the cache, workers and schemas."""
