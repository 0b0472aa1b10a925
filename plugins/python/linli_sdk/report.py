"""Notes to the person who runs or writes the plugin."""

# How much a note matters: the plugin cannot answer; the answer may not be what the district wants;
# worth knowing; for the author.
ERROR, WARNING, INFORMATION, DETAIL = 0, 1, 2, 3

# Set by the component; natively nobody listens.
_host = None


def report(level, message):
    """Leaves a note with the host; never changes an answer. Does nothing natively.

    The host shortens long notes and drops all after the first few.
    """
    if _host is not None:
        _host(level, message)


def send_to(host):
    """Says who listens; not for use by hand."""
    global _host
    _host = host
