//! `feedgate graph --timeline`: the days of one feed, in each environment.

use super::graph::feed;
use super::{known_environment, text_options, today};
use crate::cli::{Graph, GraphFormat};
use crate::diagnostic::RuleId;
use crate::model::timeline::Timeline;
use crate::outside::Failure;
use crate::outside::terminal::Terminal;
use crate::report::timeline::{self, Drawing};
use crate::rules::catalogue::Catalogue;
use crate::text::Side;
use crate::{Options, Run, Tree};

/// The drawing, and whether a rule of ours failed.
pub(super) fn draw(arguments: &Graph, name: &str, tree: &Tree, terminal: &Terminal) -> Result<(String, bool), Failure> {
    let format = arguments.format.unwrap_or(GraphFormat::Text);
    if matches!(format, GraphFormat::Mermaid | GraphFormat::Dot) {
        return Err(Failure::new("a timeline is drawn as `text`, `svg`, `html` or `json`").help("leave `--format` out"));
    }
    if let Some(environment) = &arguments.environment {
        known_environment(environment, tree)?;
    }
    let mut drawing = Drawing::new(name);
    let mut has_failed = false;
    for environment in environments(arguments, tree) {
        let run = judge(arguments, environment.as_deref(), tree);
        let replay = crate::read_config(&run.files, Side::Head).0.policy.replay_days;
        let id = feed(&run, name)?;
        let Some(feed) = run.model.feeds.get(&id) else { continue };
        let timeline = Timeline::of(&run.model, feed, replay);
        drawing.add(environment.as_deref(), &run.files, &run.model, feed, timeline, &run.report.diagnostics);
        has_failed |= run.failed;
    }
    let rendered = match format {
        GraphFormat::Svg => timeline::svg(&drawing),
        GraphFormat::Html => timeline::html(&drawing),
        GraphFormat::Json => timeline::json(&drawing),
        GraphFormat::Text | GraphFormat::Mermaid | GraphFormat::Dot => {
            timeline::text(&drawing, &text_options(arguments.color.color, terminal, arguments.output.is_none()))
        }
    };
    Ok((rendered, has_failed))
}

/// The one that is asked for, else all that `feedgate.yaml` lists.
fn environments(arguments: &Graph, tree: &Tree) -> Vec<Option<String>> {
    let listed = || crate::read_config(&super::files(tree), Side::Head).0.environments;
    match &arguments.environment {
        Some(name) => vec![Some(name.clone())],
        None => Some(listed().into_keys().map(Some).collect::<Vec<_>>()).filter(|all| !all.is_empty()).unwrap_or(vec![None]),
    }
}

/// What is found of retention; the rest is the business of `lint`.
fn judge(arguments: &Graph, environment: Option<&str>, tree: &Tree) -> Run {
    let catalogue = Catalogue::embedded();
    let of_retention = catalogue.rules().filter(|rule| rule.meta.family == "retention");
    let only: Vec<RuleId> = of_retention.map(|rule| rule.meta.id.clone()).collect();
    let environment = environment.map(str::to_owned);
    let options = Options { environment, only, ..Options::new(today(&arguments.as_of)) };
    crate::lint(tree, None, catalogue, &options)
}
