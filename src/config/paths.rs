//! Globs that say where things lie, and whether they take a path.

use crate::text::{RepoPath, Spanned};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use std::collections::BTreeMap;

/// Globs, relative to the root. Empty lists mean: recognise files by what they are.
#[derive(Debug, Default, Clone)]
pub struct Paths {
    pub feeds: Vec<Spanned<String>>,
    pub schemas: Vec<Spanned<String>>,
    pub table_schemas: Vec<Spanned<String>>,
    pub sql: Vec<Spanned<String>>,
    pub terraform: Vec<Spanned<String>>,
    pub statistics: Vec<Spanned<String>>,
    pub exclude: Vec<Spanned<String>>,
    /// The lists that are not empty, compiled.
    compiled: BTreeMap<PathKind, GlobSet>,
}

/// The lists of [`Paths`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PathKind {
    Feeds,
    Schemas,
    TableSchemas,
    Sql,
    Terraform,
    Statistics,
    Exclude,
}

impl PathKind {
    pub const ALL: [PathKind; 7] = [
        PathKind::Feeds,
        PathKind::Schemas,
        PathKind::TableSchemas,
        PathKind::Sql,
        PathKind::Terraform,
        PathKind::Statistics,
        PathKind::Exclude,
    ];

    /// The key under `paths:`.
    pub fn name(self) -> &'static str {
        match self {
            PathKind::Feeds => "feeds",
            PathKind::Schemas => "schemas",
            PathKind::TableSchemas => "table_schemas",
            PathKind::Sql => "sql",
            PathKind::Terraform => "terraform",
            PathKind::Statistics => "statistics",
            PathKind::Exclude => "exclude",
        }
    }
}

impl Paths {
    /// Whether a list takes a path; an empty list takes none.
    pub fn matches(&self, kind: PathKind, path: &RepoPath) -> bool {
        self.compiled.get(&kind).is_some_and(|globs| globs.is_match(path.as_str()))
    }

    /// The globs of a list.
    pub fn of(&self, kind: PathKind) -> &[Spanned<String>] {
        match kind {
            PathKind::Feeds => &self.feeds,
            PathKind::Schemas => &self.schemas,
            PathKind::TableSchemas => &self.table_schemas,
            PathKind::Sql => &self.sql,
            PathKind::Terraform => &self.terraform,
            PathKind::Statistics => &self.statistics,
            PathKind::Exclude => &self.exclude,
        }
    }

    /// Whether a list says anything, so that files are no longer recognised by what they are.
    pub fn is_configured(&self, kind: PathKind) -> bool {
        self.compiled.contains_key(&kind)
    }

    /// The globs that take none of these paths: what they are meant for is left out of the run without a word.
    pub fn idle<'a>(&'a self, paths: &[&RepoPath]) -> Vec<&'a Spanned<String>> {
        let lists = [&self.feeds, &self.schemas, &self.table_schemas, &self.sql, &self.terraform, &self.statistics];
        let is_idle = |glob: &&Spanned<String>| {
            let globs: Vec<_> = spellings(&glob.value).iter().filter_map(|text| compile(text)).collect();
            let matchers: Vec<_> = globs.iter().map(globset::Glob::compile_matcher).collect();
            !matchers.is_empty() && !paths.iter().any(|path| matchers.iter().any(|glob| glob.is_match(path.as_str())))
        };
        lists.into_iter().flatten().filter(is_idle).collect()
    }

    /// Sets a list and compiles it. Globs that cannot be compiled take nothing; the check of keys has said so.
    pub fn set(&mut self, kind: PathKind, globs: Vec<Spanned<String>>) {
        let set = glob_set(globs.iter().map(|glob| glob.value.as_str()));
        if !set.is_empty() {
            self.compiled.insert(kind, set);
        }
        *self.list_mut(kind) = globs;
    }

    fn list_mut(&mut self, kind: PathKind) -> &mut Vec<Spanned<String>> {
        match kind {
            PathKind::Feeds => &mut self.feeds,
            PathKind::Schemas => &mut self.schemas,
            PathKind::TableSchemas => &mut self.table_schemas,
            PathKind::Sql => &mut self.sql,
            PathKind::Terraform => &mut self.terraform,
            PathKind::Statistics => &mut self.statistics,
            PathKind::Exclude => &mut self.exclude,
        }
    }
}

/// The globs as one. Those that cannot be compiled take nothing.
pub(super) fn glob_set<'g>(globs: impl IntoIterator<Item = &'g str>) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for glob in globs.into_iter().flat_map(spellings).filter_map(|text| compile(&text)) {
        set.add(glob);
    }
    set.build().unwrap_or_default()
}

/// A glob also takes what lies below the folders that it names, as people mean by `vendor` and `feeds/`.
fn spellings(glob: &str) -> [String; 2] {
    let folder = glob.trim_end_matches('/').trim_start_matches("./");
    [folder.to_owned(), format!("{folder}/**")]
}

/// `*` and `?` stay within a folder; `**` does not.
fn compile(glob: &str) -> Option<globset::Glob> {
    GlobBuilder::new(glob).literal_separator(true).build().ok()
}

#[cfg(test)]
mod tests {
    use super::{PathKind, Paths};
    use crate::text::{FileId, RepoPath, Span, Spanned};

    fn takes(glob: &str, path: &str) -> bool {
        let mut paths = Paths::default();
        let span = Span::start_of(FileId::from_index(0));
        paths.set(PathKind::Feeds, vec![Spanned::new(glob.to_owned(), span)]);
        paths.matches(PathKind::Feeds, &RepoPath::new(path).expect("a plain path"))
    }

    #[test]
    fn a_star_stays_in_its_folder_and_two_do_not() {
        let cases = [
            ("feeds/*.yaml", "feeds/trades.yaml", true),
            ("feeds/*.yaml", "feeds/eu/trades.yaml", false),
            ("feeds/**/*.yaml", "feeds/trades.yaml", true),
            ("feeds/**/*.yaml", "feeds/eu/trades.yaml", true),
            ("**/feeds/**", "acme/feeds/trades.yaml", true),
            ("feeds/**", "other/feeds/trades.yaml", false),
            ("*.{yml,yaml}", "trades.yml", true),
        ];
        for (glob, path, expected) in cases {
            assert_eq!(takes(glob, path), expected, "{glob} on {path}");
        }
    }

    #[test]
    fn a_folder_stands_for_all_that_lies_in_it() {
        for glob in ["vendor", "vendor/", "./vendor"] {
            assert!(takes(glob, "vendor/a/b.yaml"), "{glob}");
            assert!(!takes(glob, "vendored/b.yaml"), "{glob}");
        }
    }

    #[test]
    fn globs_that_take_nothing_are_named() {
        let mut paths = Paths::default();
        let span = Span::start_of(FileId::from_index(0));
        let globs = ["feeds/**", "feed/**"].map(|glob| Spanned::new(glob.to_owned(), span));
        paths.set(PathKind::Feeds, globs.to_vec());
        let file = RepoPath::new("feeds/trades.yaml").expect("a plain path");
        let idle: Vec<&str> = paths.idle(&[&file]).into_iter().map(|glob| glob.value.as_str()).collect();
        assert_eq!(idle, ["feed/**"]);
    }

    #[test]
    fn without_globs_nothing_is_configured() {
        let paths = Paths::default();
        assert!(PathKind::ALL.iter().all(|kind| !paths.is_configured(*kind)));
    }
}
