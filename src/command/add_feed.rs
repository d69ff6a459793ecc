//! `feedgate add-feed`: a feed from sample files and three answers.

use super::writing::Writing;
use super::{entry, today};
use crate::cli::{AddFeed, AsOfArg};
use crate::config::PathKind;
use crate::keys::Format;
use crate::keys::format::{BUCKET, CADENCE, DATASET, FEED_NAME, TIME_ZONE};
use crate::model::{Feed, Known};
use crate::outside::ask::{ask, can_ask};
use crate::outside::records::{SampleText, sample_text};
use crate::outside::{Failure, output, root};
use crate::report::{amount, clean};
use crate::rules::catalogue::Catalogue;
use crate::rules::new_table_schema;
use crate::scaffold::feed::{NewFeed, Volume};
use crate::scaffold::infer::{Inferred, schema};
use crate::scaffold::name::{has_time, template};
use crate::scaffold::sample::{is_list, records};
use crate::text::{RepoPath, Side};
use crate::{Options, Repository, Run, Tree};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub(super) fn run(arguments: &AddFeed, current: &Path) -> Result<u8, Failure> {
    let start: Vec<PathBuf> = arguments.root.iter().cloned().collect();
    let root = root::find(current, &start)?;
    let mut tree = super::tree(&root.folder)?;
    let repository = crate::read_repository(&tree, None);
    let mut writing = Writing::default();
    let (feed, mut notes) = feed(arguments, current, &root.folder, &repository, &mut writing)?;
    let new = writing.paths();
    if let Some(there) = new.iter().find(|path| tree.files.iter().any(|file| file.path == **path)) {
        return Err(Failure::new(format!("`{there}` is there already"))
            .help("nothing was written: move it away, or name the feed otherwise"));
    }
    notes.extend(entry::add(&tree, &repository, &feed, &mut writing));
    writing.put_into(&mut tree);
    add_table_schema(&tree, &feed, &mut writing);
    writing.put_into(&mut tree);
    let found = judge(writing.paths(), &tree);
    if arguments.dry_run {
        output::to_stdout(&writing.shown(&root.prefix))?;
    } else {
        writing.write(&root.folder)?;
        output::to_stdout(&format!("feed `{}`\n{}", arguments.name, writing.words(&root.prefix)))?;
    }
    output::to_stdout(&remarks(&notes, &found, &root.prefix))?;
    Ok(u8::from(!found.report.diagnostics.is_empty()))
}

/// Adds the schema of the table that the JSON Schema implies, unless the file is there.
fn add_table_schema(tree: &Tree, feed: &NewFeed, writing: &mut Writing) {
    let begun = crate::read_repository(tree, None);
    let path = path(&Places::of(&begun, &feed.name).table);
    let own = begun.model.feeds.values().find(|known| *known.id.0 == *feed.name);
    let schema = own.and_then(|own| begun.model.schema_of(own)).filter(|_| begun.files.find(Side::Head, &path).is_none());
    for file in schema.and_then(|schema| new_table_schema(schema, &path)).into_iter().flat_map(|fix| fix.new_files) {
        writing.add(file.path, None, file.text);
    }
}

fn path(text: &str) -> RepoPath {
    RepoPath::new(text).expect("folders of the repository and a name are plain")
}

fn judge(paths: Vec<RepoPath>, tree: &Tree) -> Run {
    let today = today(&AsOfArg { as_of: None });
    let options = Options { config_from: Side::Head, environment: None, only: Vec::new(), paths, today, location: None };
    crate::lint(tree, None, Catalogue::embedded(), &options)
}

/// The feed, of which the files are added; what was guessed is said in sentences.
fn feed(
    arguments: &AddFeed,
    current: &Path,
    root: &Path,
    repository: &Repository,
    writing: &mut Writing,
) -> Result<(NewFeed, Vec<String>), Failure> {
    let name = valid("the name of a feed", &arguments.name, &FEED_NAME)?;
    if repository.model.feeds.keys().any(|id| *id.0 == *name) {
        return Err(Failure::new(format!("there is a feed `{name}` already")).help("choose another name, or edit its definition"));
    }
    let samples = read_samples(arguments, current)?;
    let found = inferred(&name, &samples)?;
    let answers = answers(arguments)?;
    let places = Places::of(repository, &name);
    let mut new = described(arguments, &samples, &answers, repository)?;
    new.name.clone_from(&name);
    new.partition_field = found.days.first().cloned();
    new.schema = places.relative(&places.schema);
    new.table_schema = places.relative(&places.table);
    let own = arguments.samples.iter().filter_map(|file| root::place_below(root, &current.join(file)));
    // What git ignores or what is too large to be read is no sample to anybody else.
    let own = own.filter(|path| repository.files.find(Side::Head, path).is_some());
    new.samples = own.map(|path| places.relative(path.as_str())).collect();
    let mut guessed: Vec<String> =
        found.guessed.iter().map(|field| format!("`{field}` is null in every sample, and taken for a text")).collect();
    guessed.extend(
        (new.time_zone.as_deref() == Some("UTC") && arguments.time_zone.is_none())
            .then(|| "no feed says a time zone, and times are taken for UTC: `--time-zone` says another".to_owned()),
    );
    writing.add(path(&places.feed), None, new.yaml());
    writing.add(path(&places.schema), None, found.text);
    Ok((new, guessed))
}

pub(super) fn valid(what: &str, text: &str, format: &Format) -> Result<String, Failure> {
    match format.complaint(text) {
        None => Ok(text.to_owned()),
        Some(complaint) => {
            let failure = Failure::new(format!("{what} {}", complaint.text));
            Err(complaint.help.into_iter().fold(failure, Failure::help))
        }
    }
}

/// Samples with the names that their files have.
fn read_samples(arguments: &AddFeed, current: &Path) -> Result<Vec<(String, SampleText)>, Failure> {
    let read = |file: &PathBuf| {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok((name, sample_text(&current.join(file))?))
    };
    arguments.samples.iter().map(read).collect()
}

fn inferred(name: &str, samples: &[(String, SampleText)]) -> Result<Inferred, Failure> {
    let mut all = Vec::new();
    for (file, sample) in samples {
        let (records, why) = records(&sample.text);
        if sample.is_cut && records.is_empty() {
            let help = "end each record with a line break, or give a smaller sample";
            return Err(Failure::new(format!("the first record of `{file}` is longer than what is read of a sample")).help(help));
        }
        if let Some(why) = why.filter(|_| !sample.is_cut) {
            return Err(
                Failure::new(format!("`{file}` is not JSON: {why}")).help("a feed is made of samples in JSON, a record a line")
            );
        }
        all.extend(records);
    }
    let help = "samples hold JSON objects, one a line";
    schema(name, &all).ok_or_else(|| Failure::new("the samples hold no records").help(help))
}

/// What only people know.
struct Answers {
    cadence: String,
    volume: Volume,
    owner: String,
}

fn answers(arguments: &AddFeed) -> Result<Answers, Failure> {
    let given = [("--cadence", &arguments.cadence), ("--volume", &arguments.volume), ("--owner", &arguments.owner)];
    let missing: Vec<&str> = given.into_iter().filter(|(_, value)| value.is_none()).map(|(name, _)| name).collect();
    if !missing.is_empty() && !can_ask() {
        let help = "give them as options, or run it in a terminal to be asked";
        return Err(Failure::new(format!("not all is said: {} missing", missing.join(", "))).help(help));
    }
    let cadence = |text: &str| valid("the cadence", text, &CADENCE).map_err(|failure| failure.message);
    let owner = |text: &str| if text.is_empty() { Err("somebody must answer for it".to_owned()) } else { Ok(text.to_owned()) };
    Ok(Answers {
        cadence: answer(
            arguments.cadence.as_deref(),
            "How often does a delivery come (hourly, daily, weekly, …, or cron)",
            cadence,
        )?,
        volume: answer(arguments.volume.as_deref(), "How much comes with one delivery (400000 rows, 180 MiB)", Volume::parse)?,
        owner: answer(arguments.owner.as_deref(), "Who answers when it is late (a team or an address)", owner)?,
    })
}

fn answer<T>(given: Option<&str>, question: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<T, Failure> {
    match given {
        Some(text) => read(text).map_err(Failure::new),
        None => ask(question, read),
    }
}

/// What samples, answers and the other feeds say.
fn described(
    arguments: &AddFeed,
    samples: &[(String, SampleText)],
    answers: &Answers,
    repository: &Repository,
) -> Result<NewFeed, Failure> {
    let names: Vec<&str> = samples.iter().map(|(name, _)| name.as_str()).collect();
    let file_name = arguments.file_name.clone().map_or_else(|| template(&names), Ok);
    let file_name =
        file_name.map_err(|why| Failure::new(why).help("say how files are named: `--file-name trades_{date:%Y%m%d}.json`"))?;
    let (n_records, n_bytes) = samples.iter().map(|(_, sample)| size(sample)).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    let (rows, n_bytes) = answers.volume.rows_and_bytes(n_records, n_bytes);
    let zone = usual(repository, |feed| &feed.delivery.time_zone).or_else(|| has_time(&file_name).then(|| "UTC".to_owned()));
    let bucket =
        option(arguments.bucket.as_deref(), "the bucket", &BUCKET)?.or_else(|| usual(repository, |feed| &feed.file.bucket));
    let dataset = option(arguments.dataset.as_deref(), "the dataset", &DATASET)?;
    let has_prefix = bucket.is_some() && usual(repository, |feed| &feed.file.prefix).is_some();
    let is_list = samples.iter().any(|(_, sample)| is_list(&sample.text));
    Ok(NewFeed {
        owner: answers.owner.clone(),
        contact: arguments.contact.clone(),
        cadence: answers.cadence.clone(),
        time_zone: option(arguments.time_zone.as_deref(), "the time zone", &TIME_ZONE)?.or(zone),
        rows,
        n_bytes,
        file_name,
        format: if is_list { "json" } else { "ndjson" },
        compression: samples.first().map_or("none", |(_, sample)| sample.packing.name()),
        prefix: has_prefix.then(|| format!("{}/", arguments.name)),
        bucket,
        retention_days: repository.config.policy.retention_days.map(|days| days.value),
        dataset: dataset.or_else(|| usual(repository, |feed| &feed.table.dataset)).unwrap_or_else(|| "raw".to_owned()),
        ..NewFeed::default()
    })
}

fn option(text: Option<&str>, what: &str, format: &Format) -> Result<Option<String>, Failure> {
    text.map(|text| valid(what, text, format)).transpose()
}

/// Records and bytes of a sample, as far as it was read.
fn size(sample: &SampleText) -> (u64, u64) {
    (records(&sample.text).0.len() as u64, sample.n_bytes)
}

/// What most feeds say.
fn usual(repository: &Repository, of: impl Fn(&Feed) -> &Known<String>) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for value in repository.model.feeds.values().filter_map(|feed| of(feed).value()) {
        *counts.entry(value).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, n)| *n).map(|(value, _)| value.to_owned())
}

/// Where the files of the feed come to lie, from the root.
struct Places {
    feed: String,
    schema: String,
    table: String,
}

impl Places {
    fn of(repository: &Repository, name: &str) -> Places {
        let folder = |kind: PathKind, default: &str| {
            let globs = repository.config.paths.of(kind);
            let folder = globs.first().and_then(|glob| glob.value.split(['*', '?', '[', '{']).next()).unwrap_or(default);
            let folder = folder.rsplit_once('/').map_or(folder, |(folder, _)| folder);
            if folder.is_empty() { default.to_owned() } else { folder.to_owned() }
        };
        Places {
            feed: format!("{}/{name}.yaml", folder(PathKind::Feeds, "feeds")),
            schema: format!("{}/{name}.schema.json", folder(PathKind::Schemas, "schemas")),
            table: format!("{}/{name}.json", folder(PathKind::TableSchemas, "tables")),
        }
    }

    /// A path of the repository as the feed's definition writes it.
    fn relative(&self, path: &str) -> String {
        format!("{}{path}", "../".repeat(self.feed.matches('/').count()))
    }
}

/// What is to be looked at.
fn remarks(notes: &[String], found: &Run, prefix: &str) -> String {
    let lines = notes.iter().flat_map(|note| note.lines().enumerate());
    let line = |(number, line): (usize, &str)| {
        let before = if number == 0 { "  note: " } else { "    " };
        format!("{before}{}\n", clean::line(line))
    };
    let mut out: String = lines.map(line).collect();
    let report = &found.report;
    let message = |finding: &crate::diagnostic::Diagnostic| {
        let path = &found.files.get(finding.primary.file).path;
        format!("  {}[{}] {prefix}{path}: {}\n", finding.severity, finding.rule, finding.message)
    };
    out.extend(report.diagnostics.iter().map(|finding| clean::line(message(finding).trim_end()).into_owned() + "\n"));
    match report.diagnostics.len() {
        0 => out.push_str("  nothing is found in it\n"),
        n => out.push_str(&format!("  {} in it: `feedgate lint` says more\n", amount::count(n, "finding"))),
    }
    out
}
