"""Live pages: one watcher per process looks at the history, and a native ASGI endpoint tells each browser *what*
changed, never how it looks now; the browser fetches the fragments it may see.
"""
