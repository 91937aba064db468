# SPDX-License-Identifier: BSL-1.0
"""nginx on loopback, over TLS 1.3, with a certificate made for this run."""
import os
import pathlib
import secrets
import socket
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent

CONFIG = """
daemon off;
worker_processes 1;
pid {directory}/nginx.pid;
error_log {directory}/error.log error;
events {{ worker_connections 8192; }}
http {{
  access_log off;
  default_type application/json;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  ssl_certificate {directory}/server.pem;
  ssl_certificate_key {directory}/server.key;
  ssl_protocols TLSv1.3;
  keepalive_requests 1000000000;
  {servers}
}}
"""

# How each of the three servers treats a connection: kept open, or closed after each response, with or without TLS session
# resumption.
SERVERS = {
    "kept": "keepalive_timeout 1h;",
    "resumed": "keepalive_timeout 0; ssl_session_tickets on;",
    "full": "keepalive_timeout 0; ssl_session_tickets off; ssl_session_cache off;",
}

SERVER = """
  server {{
    {listen}
    {behaviour}
    location = /service-account-token {{
      return 200 '{{"access_token":"{token}","token_type":"Bearer","expires_in":86400}}';
    }}
    location / {{
      if ($http_authorization != "Bearer {token}") {{ return 401; }}
      return 200 '{answer}';
    }}
  }}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
        return True
    except OSError:
        return False


def make_certificates(directory):
    def make(name, *arguments):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc",
             "-days", "2", "-keyout", directory / f"{name}.key", "-out", directory / f"{name}.pem", *arguments],
            check=True, capture_output=True)

    make("ca", "-subj", "/CN=benchmark authority", "-addext", "keyUsage=critical,keyCertSign")
    make("server", "-subj", "/CN=localhost", "-CA", directory / "ca.pem", "-CAkey", directory / "ca.key",
         "-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE")


class Server:
    """The server, as a context manager. `url(name)` is the base URL of one of SERVERS."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.token = secrets.token_urlsafe(48)
        self.ca = self.directory / "ca.pem"

    def url(self, name="kept"):
        return f"https://localhost:{self.ports[name]}"

    def cpu_seconds(self):
        """The processor time that the server has used so far."""
        worker = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()[0]
        user, system = pathlib.Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def __enter__(self):
        make_certificates(self.directory)
        self.ports = {name: free_port() for name in SERVERS}
        answer = (HERE / "answer.json").read_text()
        servers = ""
        for name, behaviour in SERVERS.items():
            listen = f"listen 127.0.0.1:{self.ports[name]} ssl backlog=4096;"
            if has_ipv6():
                listen += f" listen [::1]:{self.ports[name]} ssl backlog=4096;"
            servers += SERVER.format(listen=listen, behaviour=behaviour, token=self.token, answer=answer)
        config = self.directory / "nginx.conf"
        config.write_text(CONFIG.format(directory=self.directory, servers=servers))
        log = self.directory / "error.log"
        self.process = subprocess.Popen(["nginx", "-c", config, "-e", log], stderr=subprocess.DEVNULL)
        for _ in range(200):
            if self.process.poll() is not None:
                raise RuntimeError("nginx did not start:\n" + log.read_text())
            try:
                socket.create_connection(("127.0.0.1", self.ports["full"]), timeout=1).close()
                return self
            except OSError:
                time.sleep(0.05)
        self.__exit__()
        raise RuntimeError("nginx does not respond")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
