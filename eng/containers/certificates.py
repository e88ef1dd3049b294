"""A certificate for localhost that nobody knows."""
import contextlib, os, tempfile

from .shell import run_logged


@contextlib.contextmanager
def authority():
    """Gives the certificate's file, its key's, and the folder, which everybody may read; the key lies elsewhere."""
    with tempfile.TemporaryDirectory() as public, tempfile.TemporaryDirectory() as private:
        os.chmod(public, 0o755)
        certificate, key = os.path.join(public, "authority.pem"), os.path.join(private, "key.pem")
        run_logged("no certificate", "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                   "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate)
        yield certificate, key, public
