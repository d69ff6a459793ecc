"""Answers 404 to everything over TLS, as `localhost`, with a certificate of an authority that nobody knows.

    python3 tls_server.py FOLDER

The authority's own certificate is FOLDER/ca.pem; the first line that is printed is the port. Made by the program `openssl`.
"""
import http.server
import pathlib
import ssl
import subprocess
import sys

folder = pathlib.Path(sys.argv[1])


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b'{"message": "Not Found"}'
        self.send_response(404)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


(folder / "extensions").write_text("subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n")
new_key = ["-newkey", "rsa:2048", "-nodes"]
openssl("req", "-x509", *new_key, "-subj", "/CN=nobody", "-days", "2", "-keyout", "ca.key", "-out", "ca.pem")
openssl("req", *new_key, "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr")
signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "extensions"]
openssl("x509", "-req", "-in", "server.csr", *signed, "-out", "server.pem")
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(folder / "server.pem", folder / "server.key")
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
