//! `feedgate graph`: the way of the data, drawn.

use super::{given, known_environment, timeline, today};
use crate::cli::{Graph, GraphFormat};
use crate::model::workflow::Simulation;
use crate::outside::terminal::Terminal;
use crate::outside::{Failure, output, root};
use crate::report::graph::{self, Drawing};
use crate::report::simulation;
use crate::rules::catalogue::Catalogue;
use crate::text::nearest;
use crate::{Options, Run, Tree};
use std::path::Path;

pub(super) fn run(arguments: &Graph, current: &Path, terminal: &Terminal) -> Result<u8, Failure> {
    let root = root::find(current, &[])?.folder;
    let mut tree = super::tree(&root)?;
    given::plans(&mut tree, &root, current, &arguments.plan.plans)?;
    let (rendered, has_failed) = match &arguments.timeline {
        Some(feed) => timeline::draw(arguments, feed, &tree, terminal)?,
        None => draw(arguments, &tree)?,
    };
    match &arguments.output {
        Some(file) if file.as_os_str() != "-" => output::to_file(&current.join(file), &rendered)?,
        Some(_) | None => output::to_stdout(&rendered)?,
    }
    // A rule of ours that failed has left findings out.
    Ok(if has_failed { 2 } else { 0 })
}

fn draw(arguments: &Graph, tree: &Tree) -> Result<(String, bool), Failure> {
    let format = arguments.format.unwrap_or(GraphFormat::Mermaid);
    let run = judge(arguments, tree)?;
    if let Some(uri) = &arguments.simulate {
        return Ok((simulated(&run, uri, arguments.format)?, false));
    }
    let project = crate::read_config(&run.files, crate::text::Side::Head).0.project;
    let whole = crate::model::graph::Graph::of(&run.model, project.as_ref().map(|project| project.value.as_str()));
    let graph = match &arguments.feed {
        Some(name) => whole.of_feed(&feed(&run, name)?),
        None => whole,
    };
    let drawing = Drawing::new(&run.files, &run.model, &run.report, &graph);
    let rendered = match format {
        GraphFormat::Mermaid => graph::mermaid(&drawing),
        GraphFormat::Dot => graph::dot(&drawing),
        GraphFormat::Html => graph::html(&drawing),
        GraphFormat::Json => graph::json(&drawing),
        GraphFormat::Text | GraphFormat::Svg => {
            let help = "`text` and `svg` are drawn of a timeline: `--timeline FEED`";
            return Err(Failure::new("the whole is drawn as `mermaid`, `dot`, `html` or `json`").help(help));
        }
    };
    Ok((rendered, run.failed))
}

/// What happens when an object arrives.
fn simulated(run: &Run, uri: &str, format: Option<GraphFormat>) -> Result<String, Failure> {
    let Some(simulation) = Simulation::of(&run.model, uri) else {
        return Err(Failure::new(format!("`{uri}` names no object")).help("write `gs://bucket/path/name.json`"));
    };
    match format {
        None | Some(GraphFormat::Text) => Ok(simulation::text(&run.files, &simulation)),
        Some(GraphFormat::Json) => Ok(simulation::json(&run.files, &simulation)),
        Some(GraphFormat::Mermaid | GraphFormat::Dot | GraphFormat::Html | GraphFormat::Svg) => {
            let help = "give `--format text` or `--format json`";
            Err(Failure::new("the way of one object is a list, and not drawn").help(help))
        }
    }
}

fn judge(arguments: &Graph, tree: &Tree) -> Result<Run, Failure> {
    let environment = arguments.environment.clone();
    if let Some(name) = &environment {
        known_environment(name, tree)?;
    }
    let today = today(&arguments.as_of);
    let options = Options { environment, ..Options::new(today) };
    Ok(crate::lint(tree, None, Catalogue::embedded(), &options))
}

/// The feed of this name; otherwise the name that was probably meant is in the failure.
pub(super) fn feed(run: &Run, name: &str) -> Result<crate::model::FeedId, Failure> {
    let feeds = &run.model.feeds;
    if let Some(found) = feeds.keys().find(|feed| *feed.0 == *name) {
        return Ok(found.clone());
    }
    let near = nearest(name, feeds.keys().map(|feed| &*feed.0));
    let help = near.map_or_else(|| "`feedgate inventory` lists all feeds".to_owned(), |near| format!("did you mean `{near}`?"));
    Err(Failure::new(format!("there is no feed `{name}`")).help(help))
}
