#!/usr/bin/env python3
"""A stand-in for the API of GitHub that keeps what is written and fails on demand. See README.md beside it."""

import itertools
import json
import re
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

API = "https://api.github.com"
BOT = "github-actions[bot]"
ids = itertools.count(1001)
lock = threading.RLock()


def fresh():
    return {
        "comments": {},
        "checks": {},
        "reviews": {},
        "pulls": {},
        "sarif": {},
        "files": [],
        "tokens": {"rw": "write", "ro": "read"},
        "login": BOT,
        "faults": [],
        "log": [],
    }


state = fresh()
prefix = ""


class Refusal(Exception):
    def __init__(self, status, message, errors=None, headers=None):
        super().__init__(message)
        self.status, self.headers = status, headers or {}
        self.body = {"message": message, "documentation_url": "https://docs.github.com/rest", "status": str(status)}
        if errors:
            self.body["errors"] = [{"resource": "IssueComment", "code": "unprocessable", "field": "data", "message": one} for one in errors]


def now():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def user(login=BOT):
    return {"login": login, "id": 41898282, "type": "Bot" if login.endswith("[bot]") else "User"}


def pull(number, repository):
    """A pull request that nobody seeded is open, at a commit of only `a`."""
    seeded = state["pulls"].get(number, {})
    return {
        "number": int(number),
        "state": seeded.get("state", "open"),
        "draft": seeded.get("draft", False),
        "head": {"sha": seeded.get("head", "a" * 40), "ref": "topic", "label": seeded.get("label", "octocat:topic")},
        "base": {"repo": {"full_name": repository}},
    }


class Request:
    def __init__(self, handler, path, query, data):
        self.method, self.path, self.query, self.data = handler.command, path, query, data
        self.host = handler.headers.get("host")
        given = re.match(r"(?:Bearer|token) (.+)$", handler.headers.get("authorization", ""), re.I)
        self.level = state["tokens"].get(given.group(1)) if given else None
        if given and self.level is None:
            raise Refusal(401, "Bad credentials")

    def must_write(self, permissions="issues=write; pull_requests=write"):
        if self.level is None:
            raise Refusal(401, "Requires authentication")
        if self.level != "write":
            raise Refusal(403, "Resource not accessible by integration", headers={"x-accepted-github-permissions": permissions})

    def text(self):
        body = self.data.get("body")
        if not isinstance(body, str):
            raise Refusal(422, "Invalid request.\n\nFor 'properties/body', nil is not a string.")
        if not body.strip():
            raise Refusal(422, "Validation Failed", ["Body cannot be blank"])
        if len(body) > 65536:
            raise Refusal(422, "Validation Failed", ["Body is too long (maximum is 65536 characters)"])
        return body

    def page(self, items):
        size = min(100, max(1, int(self.query.get("per_page", 30))))
        number = int(self.query.get("page", 1))
        last = max(1, -(-len(items) // size))
        links = [(number - 1, "prev"), (1, "first")] if number > 1 else []
        links += [(number + 1, "next"), (last, "last")] if number < last else []
        at = f"http://{self.host}{prefix}{self.path}"
        link = ", ".join(f'<{at}?per_page={size}&page={n}>; rel="{rel}"' for n, rel in links)
        return 200, items[(number - 1) * size : number * size], {"link": link} if link else {}


def comments(request, owner, repository, number):
    if request.method == "GET":
        return request.page([one for one in state["comments"].values() if one["_pull"] == number])
    request.must_write()
    body, made = request.text(), next(ids)
    at = f"{API}/repos/{owner}/{repository}/issues"
    state["comments"][str(made)] = {
        "_pull": number,
        "id": made,
        "url": f"{at}/comments/{made}",
        "html_url": f"https://github.com/{owner}/{repository}/pull/{number}#issuecomment-{made}",
        "issue_url": f"{at}/{number}",
        "user": user(),
        "created_at": now(),
        "updated_at": now(),
        "body": body,
    }
    return 201, state["comments"][str(made)], {}


def comment(request, _owner, _repository, number):
    found = state["comments"].get(number)
    if not found:
        raise Refusal(404, "Not Found")
    if request.method == "GET":
        return 200, found, {}
    request.must_write()
    if request.method == "DELETE":
        del state["comments"][number]
        return 204, None, {}
    found.update(body=request.text(), updated_at=now())
    return 200, found, {}


def check_annotations(output):
    annotations = output.get("annotations") or []
    if len(annotations) > 50:
        raise Refusal(422, f"Invalid request.\n\nNo more than 50 items are allowed; {len(annotations)} were supplied.")
    if len((output.get("summary") or "").encode()) > 65535:
        raise Refusal(422, "Invalid request.\n\nOnly 65535 characters are allowed")
    for one in annotations:
        is_line = isinstance(one.get("start_line"), int) and isinstance(one.get("end_line"), int) and one["start_line"] > 0
        if one.get("annotation_level") not in ("notice", "warning", "failure") or not one.get("message") or not is_line:
            raise Refusal(422, "Invalid request.\n\nannotation")
        if "start_column" in one and one["start_line"] != one["end_line"]:
            raise Refusal(422, "Invalid request.\n\ncolumns only of one line")
    return annotations


def check_run(request, _owner, _repository, number=None):
    if request.method == "GET":
        return 200, state["checks"][number], {}
    request.must_write("checks=write")
    data, output = request.data, request.data.get("output") or {}
    annotations = check_annotations(output)
    if number is None:
        if not data.get("name") or not re.fullmatch(r"[0-9a-f]{40}", data.get("head_sha", "")):
            raise Refusal(422, 'Invalid request.\n\n"name"/"head_sha" wasn\'t supplied.')
        number = str(next(ids))
        state["checks"][number] = {
            "id": int(number),
            "name": data["name"],
            "head_sha": data["head_sha"],
            "external_id": data.get("external_id", ""),
            "html_url": f"https://github.com/runs/{number}",
            "status": "queued",
            "conclusion": None,
            "output": {"title": None, "summary": None, "annotations_count": 0},
            "_annotations": [],
        }
        status = 201
    else:
        status = 200
    run = state["checks"][number]
    run.update({key: data[key] for key in ("status", "conclusion") if key in data})
    if run["conclusion"]:
        run["status"] = "completed"
    run["_annotations"] += annotations
    run["output"].update({key: output[key] for key in ("title", "summary") if key in output})
    run["output"]["annotations_count"] = len(run["_annotations"])
    return status, run, {}


def check_runs_of(request, _owner, _repository, ref):
    found = [one for one in state["checks"].values() if one["head_sha"] == ref and request.query.get("check_name", one["name"]) == one["name"]]
    return 200, {"total_count": len(found), "check_runs": found}, {}


def pull_request(_request, owner, repository, number):
    return 200, pull(number, f"{owner}/{repository}"), {}


def pulls(request, owner, repository):
    """Of a branch, where one is asked for: `owner:branch`."""
    found = [pull(number, f"{owner}/{repository}") for number in state["pulls"]]
    wanted = request.query.get("head")
    is_of = lambda one: wanted is None or one["head"]["label"] == wanted
    return request.page([one for one in found if one["state"] == request.query.get("state", "open") and is_of(one)])


def files(request, _owner, _repository, _number):
    return request.page(state["files"][:3000])


def review_comments(request, _owner, _repository, _number):
    return request.page(list(state["reviews"].values()))


def review(request, _owner, _repository, _number):
    request.must_write("pull_requests=write")
    for one in request.data.get("comments", []):
        made = next(ids)
        state["reviews"][str(made)] = {**one, "id": made, "user": user()}
    return 200, {"id": next(ids)}, {}


def graphql(request):
    if "viewer" in request.data.get("query", "") and request.level:
        return 200, {"data": {"viewer": {"login": state["login"]}}}, {}
    return 200, {"data": None, "errors": [{"message": "unsupported"}]}, {}


def whoami(_request):
    raise Refusal(403, "Resource not accessible by integration")


OF_REPOSITORY = r"/repos/([^/]+)/([^/]+)"
ROUTES = [
    (("GET", "POST"), OF_REPOSITORY + r"/issues/(\d+)/comments", comments),
    (("GET", "PATCH", "DELETE"), OF_REPOSITORY + r"/issues/comments/(\d+)", comment),
    (("GET",), OF_REPOSITORY + r"/pulls/(\d+)", pull_request),
    (("GET",), OF_REPOSITORY + r"/pulls/(\d+)/files", files),
    (("GET",), OF_REPOSITORY + r"/pulls/(\d+)/comments", review_comments),
    (("POST",), OF_REPOSITORY + r"/pulls/(\d+)/reviews", review),
    (("GET",), OF_REPOSITORY + r"/pulls", pulls),
    (("GET",), OF_REPOSITORY + r"/commits/([^/]+)/check-runs", check_runs_of),
    (("POST",), OF_REPOSITORY + r"/check-runs", check_run),
    (("GET", "PATCH"), OF_REPOSITORY + r"/check-runs/(\d+)", check_run),
    (("POST",), r"/graphql", graphql),
    (("GET",), r"/user", whoami),
]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def handle_one(self):
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        parts = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        data = json.loads(raw) if raw else {}
        if parts.path.startswith("/_ctl/"):
            with lock:
                return self.answer(200, control(parts.path, data))
        with lock:
            headers = {"user-agent": self.headers.get("user-agent"), "version": self.headers.get("x-github-api-version")}
            state["log"].append({"method": self.command, "path": self.path, "body": data or None, **headers})
            fault = take_fault(self.command, parts.path)
        time.sleep(fault.get("delay", 0))
        if fault and not fault.get("after_commit"):
            return self.fail(fault)
        try:
            with lock:
                answer = self.route(parts.path, query, data)
        except Refusal as refusal:
            answer = refusal.status, refusal.body, refusal.headers
        return self.fail(fault) if fault else self.answer(*answer)

    def route(self, path, query, data):
        if not path.startswith(prefix) and path != "/api/graphql":
            raise Refusal(404, "Not Found")
        path = "/graphql" if path == "/api/graphql" else path[len(prefix) :]
        request = Request(self, path, query, data)
        for methods, pattern, answer in ROUTES:
            found = re.fullmatch(pattern, path)
            if found and self.command in methods:
                return answer(request, *found.groups())
        raise Refusal(404, "Not Found")

    def fail(self, fault):
        if fault.get("close"):
            self.close_connection = True
            self.connection.shutdown(2)
            return
        self.answer(fault["status"], fault.get("body", {"message": "fault"}), fault.get("headers"))

    def answer(self, status, body, headers=None):
        text = b"" if body is None else json.dumps(body).encode()
        limits = {"x-ratelimit-limit": "1000", "x-ratelimit-remaining": "999"}
        self.send_response(status)
        for name, value in {"content-type": "application/json; charset=utf-8", **limits, **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PATCH = do_DELETE = handle_one

    def do_CONNECT(self):
        """As a proxy: what comes goes on to where it is to go, and back."""
        with lock:
            state["log"].append({"method": "CONNECT", "path": self.path, "body": None, "auth": self.headers.get("proxy-authorization")})
        host, _, port = self.path.rpartition(":")
        with socket.create_connection((host, int(port))) as there:
            self.send_response(200)
            self.end_headers()
            back = threading.Thread(target=relay, args=(there, self.connection), daemon=True)
            back.start()
            relay(self.connection, there)
            back.join(timeout=5)
        self.close_connection = True


def relay(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def control(path, data):
    if path == "/_ctl/fault":
        state["faults"].append(data)
    if path == "/_ctl/seed":
        state.update(data)
    if path == "/_ctl/reset":
        state.clear()
        state.update(fresh())
    return state if path == "/_ctl/state" else {}


def take_fault(method, path):
    for fault in state["faults"]:
        is_meant = fault.get("method", method) == method and re.search(fault["path"], path)
        if is_meant and fault.get("times", 1) > 0:
            fault["times"] = fault.get("times", 1) - 1
            return fault
    return {}


if __name__ == "__main__":
    prefix = sys.argv[2] if len(sys.argv) > 2 else ""
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
    server.daemon_threads = True
    # Port 0 is any that is free.
    print(server.server_port, flush=True)
    server.serve_forever()
