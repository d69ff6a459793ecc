//! One request and its answer. Retries nothing: what may be done twice is decided by those who ask.

use super::super::Failure;
use super::retry::Trouble;
use http::header::{ACCEPT, HeaderMap, HeaderValue, USER_AGENT};
use http::{StatusCode, Uri};
use hyper_util::client::legacy::Client as HttpClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::TokioExecutor;
use octocrab::service::middleware::auth_header::AuthHeaderLayer;
use octocrab::service::middleware::base_uri::BaseUriLayer;
use octocrab::service::middleware::extra_headers::ExtraHeadersLayer;
use octocrab::{AuthState, Octocrab, OctocrabBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A connection that does not come about, and a server that says nothing for so long, are given up.
const CONNECT: Duration = Duration::from_secs(10);
const SILENCE: Duration = Duration::from_secs(20);

/// A rate limit that does not say when it ends.
const UNSAID_LIMIT: Duration = Duration::from_secs(60);

/// Speaks with one server for one token.
pub(super) struct Client {
    github: Octocrab,
}

#[derive(Clone, Copy)]
enum Method {
    Get,
    Post,
    Patch,
    Delete,
}

impl Client {
    /// Must be called where a runtime runs.
    pub(super) fn new(api: &str, token: &str) -> Result<Client, Failure> {
        let address = || Failure::new(format!("`{api}` is no address of an API")).help("see `GITHUB_API_URL`");
        let base: Uri = api.parse().map_err(|error| address().source(error))?;
        if base.authority().is_none() {
            return Err(address());
        }
        let mut bearer = HeaderValue::from_str(&format!("Bearer {token}"))
            .map_err(|_| Failure::new("`GITHUB_TOKEN` holds characters that no token has"))?;
        bearer.set_sensitive(true);
        Ok(Client { github: github(&base, bearer)? })
    }

    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str, what: &str) -> Result<T, Trouble> {
        parsed(&self.send(Method::Get, path, None::<&()>, what).await?)
    }

    pub(super) async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize, what: &str) -> Result<T, Trouble> {
        parsed(&self.send(Method::Post, path, Some(body), what).await?)
    }

    pub(super) async fn patch<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize, what: &str) -> Result<T, Trouble> {
        parsed(&self.send(Method::Patch, path, Some(body), what).await?)
    }

    pub(super) async fn delete(&self, path: &str, what: &str) -> Result<(), Trouble> {
        self.send(Method::Delete, path, None::<&()>, what).await.map(|_| ())
    }

    /// Every page of a list, a hundred items each, as far as `MAX_PAGES` go.
    pub(super) async fn all<T: DeserializeOwned>(&self, path: &str, what: &str) -> Result<Vec<T>, Trouble> {
        let mut items = Vec::new();
        let mark = if path.contains('?') { '&' } else { '?' };
        for page in 1..=MAX_PAGES {
            let found: Vec<T> = self.get(&format!("{path}{mark}per_page={PER_PAGE}&page={page}"), what).await?;
            let is_last = found.len() < PER_PAGE;
            items.extend(found);
            if is_last {
                break;
            }
        }
        Ok(items)
    }

    /// `what` is what cannot be done without it: `write comments`.
    async fn send<B: Serialize>(&self, method: Method, path: &str, body: Option<&B>, what: &str) -> Result<String, Trouble> {
        let sent = match method {
            Method::Get => self.github._get(path).await,
            Method::Post => self.github._post(path, body).await,
            Method::Patch => self.github._patch(path, body).await,
            Method::Delete => self.github._delete(path, body).await,
        };
        let response = sent.map_err(|error| lost(&error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let text = self.github.body_to_string(response).await.map_err(|error| lost(&error))?;
        if status.is_success() { Ok(text) } else { Err(trouble(status, &headers, &text, what)) }
    }
}

const PER_PAGE: usize = 100;
const MAX_PAGES: usize = 60;

/// A client whose connections have limits in time, and go over the proxy that the environment names.
fn github(base: &Uri, bearer: HeaderValue) -> Result<Octocrab, Failure> {
    let mut plain = HttpConnector::new();
    plain.enforce_http(false);
    let is_tls = base.scheme_str() == Some("https");
    // The four connectors are of four types, and of no common trait that has a name here.
    macro_rules! over {
        ($connector:expr) => {{
            let times = Octocrab::builder().set_connect_timeout(Some(CONNECT)).set_read_timeout(Some(SILENCE));
            let connector = times.set_write_timeout(Some(SILENCE)).set_connect_timeout_service($connector);
            let client = HttpClient::builder(TokioExecutor::new()).build(connector);
            let headers = Arc::new(vec![
                (USER_AGENT, HeaderValue::from_static(concat!("feedgate/", env!("CARGO_PKG_VERSION")))),
                (ACCEPT, HeaderValue::from_static("application/vnd.github+json")),
            ]);
            let built = OctocrabBuilder::new_empty()
                .with_service(client)
                .with_layer(&ExtraHeadersLayer::new(headers))
                .with_layer(&BaseUriLayer::new(base.clone()))
                .with_layer(&AuthHeaderLayer::new(Some(bearer), base.clone(), base.clone()))
                .with_auth(AuthState::None)
                .build();
            match built {
                Ok(github) => Ok(github),
                Err(never) => match never {},
            }
        }};
    }
    match (proxy(base, plain.clone())?, is_tls) {
        (None, false) => over!(plain),
        (None, true) => over!(secure()?.wrap_connector(plain)),
        (Some(tunnel), false) => over!(tunnel),
        (Some(tunnel), true) => over!(secure()?.wrap_connector(tunnel)),
    }
}

type Secure = hyper_rustls::HttpsConnectorBuilder<hyper_rustls::builderstates::WantsProtocols2>;

/// Trusts what the machine trusts.
fn secure() -> Result<Secure, Failure> {
    let help = "install the certificates of the system, or name a file of them in `SSL_CERT_FILE`";
    let roots = hyper_rustls::HttpsConnectorBuilder::new().with_native_roots();
    let roots = roots.map_err(|error| Failure::new("there are no certificates to trust").source(error).help(help))?;
    Ok(roots.https_or_http().enable_http1())
}

/// The way over a proxy, where one is meant for this address.
fn proxy(base: &Uri, connector: HttpConnector) -> Result<Option<Tunnel<HttpConnector>>, Failure> {
    let Some(intercept) = Matcher::from_env().intercept(base) else { return Ok(None) };
    if intercept.uri().scheme_str() != Some("http") {
        return Err(Failure::new("the proxy that the environment names is not reached over `http`, and I know no other way"));
    }
    let tunnel = Tunnel::new(intercept.uri().clone(), connector);
    Ok(Some(match intercept.basic_auth() {
        Some(auth) => tunnel.with_auth(auth.clone()),
        None => tunnel,
    }))
}

/// The connection broke: whether the request was carried out is not known.
fn lost(error: &octocrab::Error) -> Trouble {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    Trouble::Later { why: format!("no answer from GitHub ({cause})"), after: None }
}

fn parsed<T: DeserializeOwned>(text: &str) -> Result<T, Trouble> {
    let why = |error: serde_json::Error| format!("GitHub answered what I do not understand: {error}");
    serde_json::from_str(text).map_err(|error| Trouble::Later { why: why(error), after: None })
}

fn trouble(status: StatusCode, headers: &HeaderMap, text: &str, what: &str) -> Trouble {
    let code = status.as_u16();
    let said = said(text);
    let is_limit = code == 429 || headers.contains_key("retry-after") || header(headers, "x-ratelimit-remaining") == Some("0");
    match code {
        403 | 429 if is_limit || said.to_lowercase().contains("secondary rate limit") => {
            Trouble::Later { why: format!("GitHub asks to wait ({code}: {said})"), after: Some(pause(headers)) }
        }
        401 => Trouble::Refused(format!("GitHub does not know the token ({code}: {said})")),
        403 => Trouble::Refused(format!("the token may not {what} ({code}: {said}){}", needed(headers))),
        404 => {
            Trouble::Refused(format!("the token may not {what}, or there is no such thing ({code}: {said}){}", needed(headers)))
        }
        422 if said.contains("too long") => Trouble::TooLong,
        408 | 500.. => Trouble::Later { why: format!("GitHub has a failure ({code})"), after: retry_after(headers) },
        _ => Trouble::Refused(format!("GitHub does not let me {what} ({code}: {said})")),
    }
}

/// What GitHub says is wrong.
fn said(text: &str) -> String {
    let answer: Value = serde_json::from_str(text).unwrap_or_default();
    let of_errors = answer["errors"].as_array().into_iter().flatten().filter_map(|error| error["message"].as_str());
    let parts: Vec<&str> = answer["message"].as_str().into_iter().chain(of_errors).collect();
    let said = parts.join(": ").split_whitespace().collect::<Vec<_>>().join(" ");
    said.chars().take(300).collect()
}

/// `: it needs `issues: write` or `pull-requests: write``, from the header that says which permission is missing.
fn needed(headers: &HeaderMap) -> String {
    let Some(accepted) = header(headers, "x-accepted-github-permissions") else { return String::new() };
    let one = |permission: &str| {
        let (name, level) = permission.trim().split_once('=').unwrap_or((permission.trim(), "write"));
        format!("`{}: {level}`", name.replace('_', "-"))
    };
    let all = |set: &str| set.split(',').map(one).collect::<Vec<_>>().join(" and ");
    let ways: Vec<String> = accepted.split(';').filter(|set| !set.trim().is_empty()).map(all).collect();
    if ways.is_empty() { String::new() } else { format!(": it needs {} under `permissions`", ways.join(" or ")) }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    header(headers, "retry-after")?.trim().parse().ok().map(Duration::from_secs)
}

/// How long GitHub asks to wait.
fn pause(headers: &HeaderMap) -> Duration {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let of_reset = || {
        let reset: u64 = header(headers, "x-ratelimit-reset")?.parse().ok()?;
        let is_empty = header(headers, "x-ratelimit-remaining") == Some("0");
        is_empty.then(|| Duration::from_secs(reset).saturating_sub(now))
    };
    retry_after(headers).or_else(of_reset).unwrap_or(UNSAID_LIMIT)
}

/// A value of a query.
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            byte if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            byte => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// Asks over GraphQL, which lies elsewhere on the same server.
pub(super) async fn ask(client: &Client, address: &str, query: &str) -> Option<Value> {
    let body = serde_json::json!({ "query": query });
    client.post::<Value>(address, &body, "ask who it is").await.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(code: u16, headers: &[(&'static str, &'static str)], text: &str) -> Trouble {
        let headers = headers.iter().map(|(name, value)| (http::HeaderName::from_static(name), HeaderValue::from_static(value)));
        trouble(StatusCode::from_u16(code).expect("a status"), &headers.collect(), text, "write comments")
    }

    #[test]
    fn a_refusal_names_the_permission() {
        let accepted = [("x-accepted-github-permissions", "issues=write; pull_requests=write,contents=read")];
        let Trouble::Refused(why) = answer(403, &accepted, r#"{"message": "Resource not accessible"}"#) else { panic!() };
        assert_eq!(
            why,
            "the token may not write comments (403: Resource not accessible): it needs `issues: write` or \
             `pull-requests: write` and `contents: read` under `permissions`"
        );
    }

    #[test]
    fn a_limit_is_waited_for() {
        let after = |trouble| match trouble {
            Trouble::Later { after, .. } => after.map(|after| after.as_secs()),
            Trouble::Refused(_) | Trouble::TooLong => Some(u64::MAX),
        };
        assert_eq!(after(answer(429, &[("retry-after", "2")], "{}")), Some(2));
        assert_eq!(after(answer(403, &[("retry-after", "7")], "{}")), Some(7));
        assert_eq!(after(answer(403, &[], r#"{"message": "You have exceeded a secondary rate limit"}"#)), Some(60));
        assert_eq!(after(answer(502, &[], "<html>")), None);
        assert_eq!(after(answer(403, &[], "{}")), Some(u64::MAX));
    }

    #[test]
    fn a_text_that_is_too_long_is_told_apart() {
        let text =
            r#"{"message": "Validation Failed", "errors": [{"message": "Body is too long (maximum is 65536 characters)"}]}"#;
        assert!(matches!(answer(422, &[], text), Trouble::TooLong));
        assert!(matches!(answer(422, &[], "{}"), Trouble::Refused(_)));
    }
}
