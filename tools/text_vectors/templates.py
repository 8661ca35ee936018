"""Chat templates, by Jinja2."""


def cases():
    return []
