//! Texts in, models out, for the tests of whatever reads a model.

use super::Model;
use super::build::{Input, build};
use crate::config::Config;
use crate::text::{Files, RepoPath, Side, SourceFile};
use std::collections::BTreeMap;

/// Paths and texts of one revision.
pub(crate) fn files(texts: &[(&str, &str)]) -> Files {
    let mut files = Files::default();
    for (path, text) in texts {
        files.push(SourceFile::new(Side::Head, RepoPath::new(path).expect("a plain path"), (*text).into()));
    }
    files
}

/// What they say without any configuration.
pub(crate) fn model(files: &Files) -> Model {
    model_of(files, &Config::default(), None)
}

pub(crate) fn model_of(files: &Files, config: &Config, environment: Option<&str>) -> Model {
    build(&Input { files, side: Side::Head, unread: &BTreeMap::new(), config, environment })
}
