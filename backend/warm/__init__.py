"""A development server that forks instead of starting again.

The supervisor watches the source and owns the listening socket; a zygote has imported every third-party
module; each save forks a server from it that imports the application alone. Nothing here imports the application.
"""
