"""Answers 404 to everything over TLS, as `localhost`, with a certificate of an authority that nobody knows.

    python3 tls_server.py FOLDER

The authority's own certificate is FOLDER/ca.pem; the first line that is printed is the port.
"""
import http.server
import pathlib
import ssl
import sys

import trustme

folder = pathlib.Path(sys.argv[1])


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b'{"message": "Not Found"}'
        self.send_response(404)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


authority = trustme.CA()
authority.cert_pem.write_to_path(folder / "ca.pem")
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
authority.issue_cert("localhost").configure_cert(context)
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
