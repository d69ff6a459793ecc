//! The timeline for a terminal: a scale with a bar for files and one for rows, and below it what happens, in order.

use super::bars::Phase;
use super::{Drawing, Drawn, DrawnLane, TICKS, position, words};
use crate::report::clean;
use crate::report::text::{BOLD, CYAN, DIM, TextOptions};
use std::fmt::Write as _;

/// Columns before the scale.
const INDENT: usize = 8;
/// Columns of the scale.
const MIN_WIDTH: usize = 30;
const MAX_WIDTH: usize = 88;

pub fn text(drawing: &Drawing, options: &TextOptions) -> String {
    let blocks: Vec<String> = drawing.timelines.iter().map(|drawn| block(drawn, options)).collect();
    clean::without_commands(blocks.join("\n"))
}

fn block(drawn: &Drawn, options: &TextOptions) -> String {
    let width = options.width.saturating_sub(INDENT + 2).clamp(MIN_WIDTH, MAX_WIDTH);
    let last = drawn.last_day();
    let mut out = format!("{}\n\n", options.paint(BOLD, &clean::line(&drawn.title())));
    let (figures, marks) = scale(last, width);
    let _ = writeln!(out, "  {:<6}{}\n  {:<6}{}", "day", figures, "", options.paint(DIM, &marks));
    for lane in drawn.lanes.iter().filter(|lane| !lane.bars.is_empty()) {
        let _ = writeln!(out, "  {:<6}{}", lane.name, bar(lane, last, width));
    }
    let _ = writeln!(out, "  {:<6}{}\n", "", options.paint(DIM, &legend(drawn)));
    for lane in &drawn.lanes {
        lane_events(&mut out, lane, options);
    }
    for found in &drawn.findings {
        let line = format!("{}[{}] {} {}", found.severity.name(), found.rule, found.message, found.at);
        let _ = writeln!(out, "  {}", clean::line(&line));
    }
    format!("{}\n", out.trim_end())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of the columns of a terminal")]
fn column(day: f64, last: f64, width: usize) -> usize {
    (position(day, last) * width as f64).round() as usize
}

/// The days as far as there is room for them, and a mark below each.
fn scale(last: f64, width: usize) -> (String, String) {
    let (mut figures, mut marks) = (String::new(), String::new());
    for tick in TICKS.into_iter().filter(|tick| *tick <= last) {
        let at = column(tick, last, width);
        if at < figures.len() + usize::from(!figures.is_empty()) {
            continue;
        }
        figures.push_str(&" ".repeat(at - figures.len()));
        figures.push_str(&words::figure(tick));
        marks.push_str(&" ".repeat(at - marks.chars().count()));
        marks.push('╷');
    }
    (figures, marks)
}

fn bar(lane: &DrawnLane, last: f64, width: usize) -> String {
    let mut cells = vec![' '; width];
    for one in &lane.bars {
        let from = column(one.from, last, width).min(width.saturating_sub(1));
        let to = one.to.map_or(width, |to| column(to, last, width));
        // What lasts for less than a column is seen all the same.
        for cell in cells.iter_mut().take(to.max(from + 1)).skip(from) {
            *cell = letter(one.phase);
        }
        if let (None, Some(cell)) = (one.to, cells.last_mut()) {
            *cell = '>';
        }
    }
    cells.into_iter().collect::<String>().trim_end().to_owned()
}

fn letter(phase: Phase) -> char {
    match phase {
        Phase::Held => '█',
        Phase::There => '▓',
        Phase::Recoverable => '░',
        Phase::FailSafe => '·',
    }
}

/// The states that are drawn.
fn legend(drawn: &Drawn) -> String {
    let is_drawn = |phase: &Phase| drawn.lanes.iter().any(|lane| lane.bars.iter().any(|bar| bar.phase == *phase));
    let names = Phase::ALL.iter().filter(|phase| is_drawn(phase)).map(|phase| format!("{} {}", letter(*phase), phase.name()));
    names.collect::<Vec<_>>().join("   ")
}

fn lane_events(out: &mut String, lane: &DrawnLane, options: &TextOptions) {
    let _ = writeln!(out, "  {}", options.paint(CYAN, &clean::line(&lane.heading())));
    let whens: Vec<String> = lane.events.iter().map(|event| words::when(&event.event.when)).collect();
    let wide = whens.iter().map(|when| when.chars().count()).max().unwrap_or(0);
    for (event, when) in lane.events.iter().zip(&whens) {
        let what = clean::line(&words::with_why(&event.event)).into_owned();
        let at = event.at.as_ref().map_or_else(String::new, |at| format!("  {}", clean::line(at)));
        let _ = writeln!(out, "    {when:<wide$}  {what}{}", options.paint(DIM, &at));
    }
    out.push('\n');
}
