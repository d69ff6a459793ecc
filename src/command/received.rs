//! `feedgate check-file FILE…`: whether files that are delivered are what their feeds promise.

use super::{check_file, fails, text_options, today};
use crate::Repository;
use crate::cli::{CheckFile, CheckFileFormat};
use crate::model::Feed;
use crate::model::naming::NameIndex;
use crate::outside::progress::Progress;
use crate::outside::records::{Packing, Source, each_chunk};
use crate::outside::terminal::Terminal;
use crate::outside::{Failure, clock, output};
use crate::record::delivered::{Judgement, Reception};
use crate::record::{Checker, Tally, content_of, packing};
use crate::report::file_check::{self, Checked, Content, FileCheck};
use std::collections::BTreeSet;
use std::path::Path;

pub(super) fn run(arguments: &CheckFile, current: &Path, repository: &Repository, terminal: &Terminal) -> Result<u8, Failure> {
    refuse_what_cannot_be(arguments)?;
    let mut reception = reception(arguments, current, repository)?;
    let progress = Progress::start(terminal.stderr_is_terminal);
    let mut checks = Vec::new();
    for file in &arguments.files {
        let given = file.to_string_lossy();
        let name = delivered_name(arguments, &given);
        let judgement = reception.judge(&name);
        reception.delivered.insert(name.clone());
        let content = content(arguments, &current.join(file), &given, &judgement, repository, &progress)?;
        checks.push(FileCheck { name: if given == "-" { name } else { given.into_owned() }, judgement, content });
    }
    drop(progress);
    let rendered = match arguments.format {
        CheckFileFormat::Json => file_check::json(&checks),
        CheckFileFormat::Text | CheckFileFormat::Csv => {
            file_check::text(&checks, &text_options(arguments.color.color, terminal, true))
        }
    };
    output::to_stdout(&rendered)?;
    Ok(u8::from(checks.iter().filter_map(FileCheck::worst).any(|severity| fails(severity, arguments.fail_on))))
}

fn refuse_what_cannot_be(arguments: &CheckFile) -> Result<(), Failure> {
    let refuse = |message: &str, help: &str| Err(Failure::new(message).help(help));
    if arguments.format == CheckFileFormat::Csv {
        return refuse("only a calendar is written as CSV", "give --format text or --format json");
    }
    let has_input = arguments.files.iter().any(|file| file.as_os_str() == "-");
    if has_input && arguments.name.is_none() {
        return refuse("standard input has no name", "say with --name under which name the file is delivered");
    }
    if arguments.name.is_some() && arguments.files.len() > 1 {
        return refuse("--name is the name of one file, and there are several", "check them one by one");
    }
    Ok(())
}

fn reception<'a>(arguments: &CheckFile, current: &Path, repository: &'a Repository) -> Result<Reception<'a>, Failure> {
    let model = &repository.model;
    let environments = match &arguments.environment {
        Some(name) => vec![name.clone()],
        None => repository.config.environments.keys().cloned().collect(),
    };
    let delivered = match &arguments.delivered {
        Some(list) => output::from_file(&current.join(list))?.lines().map(|line| line.trim().to_owned()).collect(),
        None => BTreeSet::new(),
    };
    let feed = arguments.feed.as_deref().map(|name| check_file::feed(model, name)).transpose()?;
    let names = NameIndex::new(model.feeds.values(), &environments);
    let now_seconds = arguments.as_of.as_of.is_none().then(clock::now_seconds);
    Ok(Reception { model, names, today: today(&arguments.as_of), now_seconds, delivered, feed })
}

/// A file is delivered under its own name, wherever it lies here.
fn delivered_name(arguments: &CheckFile, given: &str) -> String {
    let own = || match given.starts_with("gs://") {
        true => given.to_owned(),
        false => given.rsplit(['/', '\\']).next().unwrap_or(given).to_owned(),
    };
    arguments.name.clone().unwrap_or_else(own)
}

fn content(
    arguments: &CheckFile,
    place: &Path,
    given: &str,
    judgement: &Judgement<'_>,
    repository: &Repository,
    progress: &Progress,
) -> Result<Content, Failure> {
    let not = |why: &str| Ok(Content::NotChecked(why.to_owned()));
    if arguments.name_only {
        return not("--name-only");
    }
    if given.starts_with("gs://") {
        return not(
            "objects in Cloud Storage are not read; pipe it in: `gcloud storage cat URI | feedgate check-file - --name URI`",
        );
    }
    // A file that is not there is said even when nobody would take it.
    let source = if given == "-" { Source::standard_input()? } else { Source::file(place)? };
    let Some(feed) = judgement.feed else {
        let why = "no single feed takes the file; --feed names the one that is meant";
        let of_each: Vec<String> = match given {
            "-" => Vec::new(),
            _ => judgement.candidates.iter().take(MAX_CANDIDATES).map(|feed| of_candidate(feed, place, repository)).collect(),
        };
        return not(&[vec![why.to_owned()], of_each].concat().join("; "));
    };
    let agreed = match content_of(feed, judgement.table.as_ref(), &repository.model, &repository.files) {
        Ok(agreed) => agreed,
        Err(why) => return Ok(Content::NotChecked(why)),
    };
    let mut left_out = agreed.left_out;
    left_out.extend(agreed.checker.defect().map(|why| format!("the JSON Schema: {why}")));
    let (packing, n_bytes) = (source.packing, source.n_bytes);
    let (mut tally, error) = checked(source, &agreed.checker, progress);
    let mut faults = packing_faults(feed, packing, n_bytes);
    match error {
        // What cannot be unpacked is a mistake in the file; what cannot be read is none.
        Some(_) if packing != Packing::None => faults.push(packing::broken(packing.name())),
        Some(error) => return Err(Failure::new(format!("cannot read `{given}` to its end")).source(error)),
        None => tally.end(),
    }
    if feed.file.format.value().is_some_and(|format| format == "json") {
        tally.allow_any_layout();
    }
    Ok(Content::Checked(Checked { tally, compression: packing.name(), faults, left_out }))
}

/// More feeds that take one name are not tried.
const MAX_CANDIDATES: usize = 8;

/// Whether the content would be right for one of several feeds.
fn of_candidate(feed: &Feed, place: &Path, repository: &Repository) -> String {
    let id = &feed.id;
    let agreed = match content_of(feed, None, &repository.model, &repository.files) {
        Ok(agreed) if agreed.has_schema || agreed.has_columns => agreed,
        Ok(_) => return format!("feed `{id}` says nothing of the content"),
        Err(why) => return format!("for feed `{id}`: {why}"),
    };
    let Ok(source) = Source::file(place) else { return format!("for feed `{id}` it cannot be read once more") };
    let (tally, error) = checked(source, &agreed.checker, &Progress::start(false));
    match (error, tally.n_wrong_records, tally.findings().first()) {
        (Some(_), ..) => format!("for feed `{id}` it cannot be read to its end"),
        (None, 0, _) => format!("the content is right for feed `{id}`"),
        (None, n, Some(first)) => {
            format!("for feed `{id}`, {n} of {} records cannot be taken: {}", tally.n_records, first.message)
        }
        (None, n, None) => format!("for feed `{id}`, {n} of {} records cannot be taken", tally.n_records),
    }
}

fn packing_faults(feed: &Feed, packing: Packing, n_bytes: Option<u64>) -> Vec<crate::record::Finding> {
    let declared = feed.file.compression.value().map(String::as_str);
    packing::faults(declared, packing.name(), n_bytes)
}

/// What the records show, as far as the file could be read, and why no further.
fn checked(source: Source, checker: &Checker, progress: &Progress) -> (Tally, Option<std::io::Error>) {
    if let Some(n_bytes) = source.n_bytes {
        progress.amount("checking records", source.n_read.clone(), n_bytes);
    } else {
        progress.stage("checking records");
    }
    let mut tally = Tally::default();
    let worker = || {
        let mut worker = checker.worker();
        move |bytes: &[u8], chunk| worker.check(bytes, chunk)
    };
    let read = each_chunk(source, worker, |part| tally.append(part));
    (tally, read.err())
}
