//! The timeline as one picture: a bar for files and one for rows on a scale of days, and what happens above each. Nothing
//! comes from elsewhere, and light and dark follow the reader.

use super::bars::Phase;
use super::{Drawing, Drawn, DrawnEvent, DrawnLane, TICKS, position, words};
use crate::report::clean;
use std::fmt::Write as _;

const LEFT: f64 = 76.0;
/// Of the scale.
const WIDTH: f64 = 820.0;
const RIGHT: f64 = 24.0;
const BAR: f64 = 26.0;
/// Of a row of labels.
const ROW: f64 = 19.0;
/// A letter of a label, on the wide side.
const LETTER: f64 = 6.3;
const TITLE: f64 = 40.0;
const MAX_LABEL: usize = 90;

/// Colours and letters, for the picture alone and within a page.
pub(super) const STYLE: &str = "\
.tl{--ink:#1f2733;--dim:#66707f;--line:#d5dae2;--paper:#ffffff;--held:#1d4f91;--there:#6fa3de;--back:#e3b34c;--safe:#f0ddb0;--bad:#b3261e}\
@media (prefers-color-scheme:dark){.tl{--ink:#e6eaf0;--dim:#98a3b3;--line:#37404d;--paper:#14181f;--held:#8db8ee;--there:#3f6ea6;\
--back:#b98a25;--safe:#5c4a22;--bad:#ff8a80}}\
.tl text{font:12px system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;fill:var(--ink);paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}\
.tl .title{font-size:16px;font-weight:600}.tl .dim{fill:var(--dim)}.tl .paper{fill:var(--paper)}\
.tl .grid{stroke:var(--line);stroke-width:1}.tl .lead{stroke:var(--dim);stroke-width:1;fill:none}.tl .dot{fill:var(--ink)}\
.tl .held{fill:var(--held)}.tl .there{fill:var(--there)}.tl .back{fill:var(--back)}.tl .safe{fill:var(--safe)}";

pub fn svg(drawing: &Drawing) -> String {
    let pictures: Vec<Picture> = drawing.timelines.iter().map(Picture::of).collect();
    let height: f64 = pictures.iter().map(|picture| picture.height).sum();
    let width = LEFT + WIDTH + RIGHT;
    let mut out = String::new();
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"tl\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" role=\"img\">\n<title>{}</title>\n<style>{STYLE}</style>\n<rect class=\"paper\" width=\"100%\" \
         height=\"100%\"/>",
        clean::html(&format!("The days of feed {}", drawing.feed))
    );
    let mut top = 0.0;
    for picture in pictures {
        let _ = writeln!(out, "<g transform=\"translate(0 {top})\">\n{}</g>", picture.body);
        top += picture.height;
    }
    out.push_str("</svg>\n");
    out
}

/// One timeline within a page.
pub(super) fn fragment(drawn: &Drawn) -> String {
    let Picture { body, height } = Picture::of(drawn);
    let width = LEFT + WIDTH + RIGHT;
    format!(
        "<svg class=\"tl\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{}\">\n{body}</svg>\n",
        clean::html(&drawn.title())
    )
}

struct Picture {
    body: String,
    height: f64,
}

impl Picture {
    fn of(drawn: &Drawn) -> Picture {
        let last = drawn.last_day();
        let mut lanes = String::new();
        let mut top = TITLE;
        for lane in &drawn.lanes {
            top = draw_lane(&mut lanes, lane, last, top);
        }
        let mut body = String::new();
        let _ = writeln!(body, "<text class=\"title\" x=\"16\" y=\"26\">{}</text>", clean::html(&drawn.title()));
        axis(&mut body, last, top);
        body.push_str(&lanes);
        legend(&mut body, drawn, top + 46.0);
        Picture { body, height: top + 66.0 }
    }
}

fn x(day: f64, last: f64) -> f64 {
    let at = LEFT + position(day, last) * WIDTH;
    (at * 10.0).round() / 10.0
}

/// Marks on whole days, with a line behind everything.
fn axis(out: &mut String, last: f64, bottom: f64) {
    let mut free = 0.0;
    for tick in TICKS.into_iter().filter(|tick| *tick <= last) {
        let (at, figure) = (x(tick, last), words::figure(tick));
        let half = figure.len() as f64 * LETTER / 2.0;
        if at - half < free {
            continue;
        }
        free = at + half + 8.0;
        let _ = writeln!(
            out,
            "<line class=\"grid\" x1=\"{at}\" x2=\"{at}\" y1=\"{TITLE}\" y2=\"{bottom}\"/><text class=\"dim\" x=\"{at}\" y=\"{}\" \
             text-anchor=\"middle\">{figure}</text>",
            bottom + 16.0
        );
    }
    let _ = writeln!(out, "<text class=\"dim\" x=\"16\" y=\"{}\">day</text>", bottom + 16.0);
}

/// Draws a lane below `top`, and gives where the next begins.
fn draw_lane(out: &mut String, lane: &DrawnLane, last: f64, top: f64) -> f64 {
    let labels = Label::of(lane, last);
    let n_rows = labels.iter().map(|label| label.row + 1).max().unwrap_or(0);
    let _ = writeln!(out, "<text class=\"dim\" x=\"16\" y=\"{}\">{}</text>", top + 18.0, clean::html(&lane.heading()));
    let labels_top = top + 28.0;
    let bar_top = labels_top + n_rows as f64 * ROW + 6.0;
    let _ = writeln!(out, "<text x=\"16\" y=\"{}\">{}</text>", bar_top + BAR / 2.0 + 4.0, lane.name);
    for bar in &lane.bars {
        let (from, to) = (x(bar.from, last), bar.to.map_or(LEFT + WIDTH, |to| x(to, last)));
        let wide = (to - from).max(2.0);
        let title = format!(
            "{} {}",
            bar.phase.name(),
            bar.to.map_or("from here on".to_owned(), |to| format!("until day {}", words::figure(to)))
        );
        let _ = writeln!(
            out,
            "<rect class=\"{}\" x=\"{from}\" y=\"{bar_top}\" width=\"{wide:.1}\" height=\"{BAR}\"><title>{title}</title></rect>",
            bar.phase.class()
        );
        if bar.to.is_none() {
            let (tip, middle) = (to + 14.0, bar_top + BAR / 2.0);
            let bottom = bar_top + BAR;
            let _ = writeln!(out, "<path class=\"{}\" d=\"M{to} {bar_top}L{tip} {middle}L{to} {bottom}Z\"/>", bar.phase.class());
        }
    }
    let height = |label: &Label<'_>| labels_top + label.row as f64 * ROW + 12.0;
    labels.iter().for_each(|label| label.draw_line(out, height(label), bar_top));
    labels.iter().for_each(|label| label.draw_text(out, height(label)));
    below(out, lane, bar_top + BAR + 18.0)
}

/// What has no day stands below the bar.
fn below(out: &mut String, lane: &DrawnLane, mut at: f64) -> f64 {
    for event in lane.events.iter().filter(|event| event.event.when.day().is_none()) {
        let text = shortened(&words::in_full(&event.event));
        let _ = writeln!(out, "<text class=\"dim\" x=\"{LEFT}\" y=\"{at}\">{}{}</text>", clean::html(&text), title(event));
        at += ROW;
    }
    at + 4.0
}

fn legend(out: &mut String, drawn: &Drawn, y: f64) {
    let mut at = LEFT;
    for phase in Phase::ALL {
        if !drawn.lanes.iter().any(|lane| lane.bars.iter().any(|bar| bar.phase == phase)) {
            continue;
        }
        let _ = writeln!(
            out,
            "<rect class=\"{}\" x=\"{at}\" y=\"{}\" width=\"14\" height=\"10\"/><text class=\"dim\" x=\"{}\" y=\"{y}\">{}</text>",
            phase.class(),
            y - 9.0,
            at + 20.0,
            phase.name()
        );
        at += 20.0 + phase.name().len() as f64 * LETTER + 24.0;
    }
}

/// The name of an event above the bar, in a row in which it meets no other.
struct Label<'a> {
    event: &'a DrawnEvent,
    text: String,
    x: f64,
    /// Whether it reaches to the left of its day.
    is_left: bool,
    row: usize,
}

impl<'a> Label<'a> {
    /// The last event lies lowest, so that no line crosses a name.
    fn of(lane: &'a DrawnLane, last: f64) -> Vec<Label<'a>> {
        let with_day = lane.events.iter().filter_map(|event| Some((event, event.event.when.day()?)));
        let mut labels: Vec<Label<'_>> = Vec::new();
        for (event, day) in with_day {
            let text = shortened(&format!("{} · {}", words::what(&event.event), words::when(&event.event.when)));
            let at = x(day, last);
            let is_left = at + 6.0 + text.chars().count() as f64 * LETTER > LEFT + WIDTH + RIGHT;
            labels.push(Label { event, text, x: at, is_left, row: 0 });
        }
        place(&mut labels);
        labels
    }

    fn span(&self) -> (f64, f64) {
        let wide = self.text.chars().count() as f64 * LETTER + 6.0;
        if self.is_left { (self.x - wide, self.x) } else { (self.x, self.x + wide) }
    }

    /// A line from the name down to the bar.
    fn draw_line(&self, out: &mut String, y: f64, bar_top: f64) {
        let _ = writeln!(
            out,
            "<path class=\"lead\" d=\"M{0} {1}V{bar_top}\"/><circle class=\"dot\" cx=\"{0}\" cy=\"{bar_top}\" r=\"2.5\"/>",
            self.x,
            y - 9.0
        );
    }

    fn draw_text(&self, out: &mut String, y: f64) {
        let (x, anchor) = if self.is_left { (self.x - 5.0, "end") } else { (self.x + 5.0, "start") };
        let (text, title) = (clean::html(&self.text), title(self.event));
        let _ = writeln!(out, "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{text}{title}</text>");
    }
}

/// Gives each label the lowest row in which neither its text nor its line meets those that are there.
fn place(labels: &mut [Label<'_>]) {
    let mut n_rows: usize = 0;
    // From the bar upwards: rows are counted from below first.
    let mut taken: Vec<(usize, f64, f64)> = Vec::new();
    for label in labels.iter_mut().rev() {
        let (from, to) = label.span();
        let meets = |row: usize| {
            let texts = taken.iter().any(|(other, start, end)| *other == row && from < *end + 4.0 && *start < to + 4.0);
            let line = taken.iter().any(|(other, start, end)| *other < row && *start < label.x && label.x < *end);
            texts || line
        };
        let row = (0..=n_rows).find(|row| !meets(*row)).unwrap_or(n_rows);
        n_rows = n_rows.max(row + 1);
        taken.push((row, from, to));
        label.row = row;
    }
    for label in labels {
        label.row = n_rows.saturating_sub(1).saturating_sub(label.row);
    }
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= MAX_LABEL {
        return text.to_owned();
    }
    format!("{}…", text.chars().take(MAX_LABEL).collect::<String>())
}

fn title(event: &DrawnEvent) -> String {
    event.at.as_ref().map_or_else(String::new, |at| format!("<title>{}</title>", clean::html(at)))
}
