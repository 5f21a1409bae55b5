"""How an emulator is reached: plainly, or over TLS as the real one is."""

import ssl


def server_side(certificate: tuple[str, str] | None) -> tuple[str, ssl.SSLContext | None]:
    """The scheme of the address, and what the server needs for it.

    Args:
        certificate: the files of certificate and key; none for plain HTTP.
    """
    if certificate is None:
        return "http", None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    return "https", context
