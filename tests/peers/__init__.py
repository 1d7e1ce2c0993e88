"""The running site, read over HTTP by what others wrote, in an environment that knows nothing of its code."""
