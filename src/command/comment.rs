//! `feedgate comment`: the comment of a pull request from a report alone, in which nothing is trusted.

use super::publish::{complain, links, post, say};
use crate::cli::CommentArgs;
use crate::outside::github::{Context, Given};
use crate::outside::{Failure, output};
use crate::report::markdown::{self, MarkdownOptions};
use crate::report::told::Told;
use std::path::Path;

pub(super) fn run(arguments: &CommentArgs, current: &Path) -> Result<u8, Failure> {
    let told = read(arguments, current)?;
    let given = Given { repository: arguments.repo.clone(), pull_request: arguments.pull_request };
    let context = Context::read(&given);
    if arguments.dry_run {
        let options = MarkdownOptions { links: context.ok().as_ref().and_then(links), ..MarkdownOptions::default() };
        let rendered = if markdown::has_news(&told) { markdown::render(&told, &options) } else { markdown::all_clear(&told) };
        return output::to_stdout(&rendered).map(|()| 0);
    }
    match context.and_then(|context| post(&told, &context, &arguments.posting)) {
        Ok(posted) => {
            say(&posted);
            Ok(0)
        }
        Err(failure) if arguments.posting.require_comment => Err(failure),
        Err(failure) => {
            complain(&failure);
            Ok(0)
        }
    }
}

fn read(arguments: &CommentArgs, current: &Path) -> Result<Told<'static>, Failure> {
    let text = match arguments.from.as_os_str() == "-" {
        true => output::from_stdin()?,
        false => output::from_file_within(&current.join(&arguments.from), MAX_REPORT)?,
    };
    Told::read(&text).map_err(|why| {
        let help = "write one with `feedgate lint --format json --output FILE`";
        Failure::new(format!("`{}` is no report of mine: {why}", arguments.from.display())).help(help)
    })
}

/// Bytes of a report. One of a large repository has some millions.
const MAX_REPORT: u64 = 128 << 20;
