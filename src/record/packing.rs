//! How a file is packed, against what its feed says and what BigQuery loads.

use super::{Check, Finding, Place};

/// BigQuery loads no larger gzip file. <https://docs.cloud.google.com/bigquery/quotas#load_jobs>
const MAX_GZIP_BYTES: u64 = 4 << 30;

/// `found` and `declared` are the words of a feed definition.
pub fn faults(declared: Option<&str>, found: &str, n_bytes: Option<u64>) -> Vec<Finding> {
    let mut faults = Vec::new();
    let pack = |word: &str| match word {
        "none" => "deliver the file without packing it".to_owned(),
        word => format!("pack the file with {word}"),
    };
    match declared {
        Some(declared) if declared != found => {
            let message = match found {
                "none" => format!("the file is not packed, and the feed says {declared}"),
                found => format!("the file is packed with {found}, and the feed says `compression: {declared}`"),
            };
            faults.push(fault("compression", message, pack(declared)));
        }
        Some(_) => {}
        None if found == "zstd" => {
            let message = "the file is packed with zstd, which BigQuery does not load for JSON".to_owned();
            faults.push(fault("compression", message, pack("gzip")));
        }
        None => {}
    }
    if found == "gzip" && n_bytes.is_some_and(|n_bytes| n_bytes > MAX_GZIP_BYTES) {
        let message = "the file has more than 4 GB, and BigQuery loads no larger gzip file".to_owned();
        faults.push(fault("size", message, "split the file, or deliver it without packing it".to_owned()));
    }
    faults
}

/// A file that unpacks up to a place and no further.
pub fn broken(found: &str) -> Finding {
    let message = format!("the file is packed with {found} and cannot be unpacked to its end: it is cut off or damaged");
    fault("packing", message, "pack the file again, and deliver it whole".to_owned())
}

fn fault(code: &'static str, message: String, help: String) -> Finding {
    let place = Place { line: 1, record: 1, path: "$".to_owned(), offset: 0, n_bytes: 0 };
    Finding { check: Check::Layout, code, message, help: Some(help), place, count: 1 }
}
