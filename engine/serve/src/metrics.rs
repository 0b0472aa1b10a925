//! Counts of what was answered, as Prometheus text.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use linli_model::Kind;

/// Methods that are counted by name. Any other word may stand in their place, so the rest are
/// one: whoever makes up words fills no memory.
const METHODS: [&str; 7] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/// Counts since the server started.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    /// By method, route as it is documented, and status.
    requests: Mutex<BTreeMap<(String, String, u16), u64>>,
    /// By kind.
    errors: Mutex<BTreeMap<Kind, u64>>,
}

impl Metrics {
    /// Counts an answer. `route` is a pattern, so that there are few of them.
    pub(crate) fn count(&self, method: &str, route: &str, status: u16, problem: Option<Kind>) {
        let method = if METHODS.contains(&method) { method } else { "other" };
        let key = (method.to_owned(), route.to_owned(), status);
        *self.requests.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default() += 1;
        if let Some(kind) = problem {
            *self.errors.lock().unwrap_or_else(PoisonError::into_inner).entry(kind).or_default() += 1;
        }
    }

    /// Everything, with these numbers of queries and runs under way.
    pub(crate) fn text(&self, queries: usize, runs: usize) -> String {
        let mut text = String::new();
        head(&mut text, "linli_http_requests_total", "counter", "Requests answered.");
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        for ((method, route, status), count) in requests.iter() {
            let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
            line(&mut text, "linli_http_requests_total", &labels, *count);
        }
        head(&mut text, "linli_errors_total", "counter", "Problems answered, by who must act.");
        let errors = self.errors.lock().unwrap_or_else(PoisonError::into_inner);
        for kind in Kind::ALL {
            let count = errors.get(&kind).copied().unwrap_or_default();
            line(&mut text, "linli_errors_total", &format!("kind=\"{}\"", kind.as_str()), count);
        }
        head(&mut text, "linli_queries_running", "gauge", "Queries under way.");
        line(&mut text, "linli_queries_running", "", queries as u64);
        head(&mut text, "linli_runs_running", "gauge", "Runs accepted and not done yet.");
        line(&mut text, "linli_runs_running", "", runs as u64);
        text
    }
}

// Writing into a String cannot fail.
fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

fn line(text: &mut String, name: &str, labels: &str, value: u64) {
    let labels = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
    let _ = writeln!(text, "{name}{labels} {value}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_come_out_as_prometheus_reads_them() {
        let metrics = Metrics::default();
        metrics.count("GET", "/v1/tables", 200, None);
        metrics.count("GET", "/v1/tables", 200, None);
        metrics.count("POST", "/v1/sql", 400, Some(Kind::Request));
        metrics.count("BREW", "none", 405, None);
        metrics.count("STEEP", "none", 405, None);
        let text = metrics.text(1, 0);
        assert!(text.contains("{method=\"other\",route=\"none\",status=\"405\"} 2\n"));
        assert!(!text.contains("BREW"));
        assert!(
            text.contains(
                "linli_http_requests_total{method=\"GET\",route=\"/v1/tables\",status=\"200\"} 2\n"
            )
        );
        assert!(text.contains("linli_errors_total{kind=\"request\"} 1\n"));
        assert!(text.contains("linli_errors_total{kind=\"internal\"} 0\n"));
        assert!(text.contains("# TYPE linli_queries_running gauge\nlinli_queries_running 1\n"));
    }
}
