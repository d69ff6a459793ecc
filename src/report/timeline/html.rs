//! One page that holds everything: the picture, what is found, and each event with the text that says so.

use super::svg::{STYLE, fragment};
use super::{Drawing, Drawn, DrawnEvent, DrawnLane, words};
use crate::report::clean;
use std::fmt::Write as _;

const PAGE: &str = "\
body{margin:0;background:#f5f6f8;color:#1f2733;font:15px/1.45 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}\
main{max-width:980px;margin:0 auto;padding:24px 16px 48px}h1{font-size:22px;margin:0 0 16px}h2{font-size:15px;margin:20px 0 6px}\
section{background:#fff;border:1px solid #dfe3ea;border-radius:8px;padding:12px 16px 18px;margin:0 0 20px}\
svg{width:100%;height:auto;display:block}table{border-collapse:collapse;width:100%}\
td,th{text-align:left;vertical-align:top;padding:4px 12px 4px 0;border-top:1px solid #e8ebf0}th{border:0;color:#66707f;font-weight:500}\
td:first-child{white-space:nowrap}code{font:13px ui-monospace,SFMono-Regular,Menlo,monospace;color:#66707f}\
ul{margin:6px 0;padding-left:20px}.error{color:#b3261e}.warning{color:#8a5a00}.note{color:#1d4f91}\
@media (prefers-color-scheme:dark){body{background:#0d1117;color:#e6eaf0}section{background:#14181f;border-color:#2b323d}\
td,th{border-color:#2b323d}th,code{color:#98a3b3}.error{color:#ff8a80}.warning{color:#e3b34c}.note{color:#8db8ee}}";

pub fn html(drawing: &Drawing) -> String {
    let title = clean::html(&format!("The days of feed {}", drawing.feed));
    let sections: String = drawing.timelines.iter().map(section).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width,initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n<style>{PAGE}{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{sections}</main>\n\
         </body>\n</html>\n"
    )
}

fn section(drawn: &Drawn) -> String {
    let mut out = format!("<section>\n{}", fragment(drawn));
    if !drawn.findings.is_empty() {
        out.push_str("<h2>Found</h2>\n<ul>\n");
        for found in &drawn.findings {
            let severity = found.severity.name();
            let _ = writeln!(
                out,
                "<li><span class=\"{severity}\">{severity}</span> {} <code>{}</code> <code>{}</code></li>",
                clean::html(&found.message),
                clean::html(&found.rule),
                clean::html(&found.at)
            );
        }
        out.push_str("</ul>\n");
    }
    drawn.lanes.iter().for_each(|lane| table(&mut out, lane));
    out.push_str("</section>\n");
    out
}

fn table(out: &mut String, lane: &DrawnLane) {
    let _ =
        writeln!(out, "<h2>{}</h2>\n<table>\n<tr><th>when</th><th>what</th><th>said at</th></tr>", clean::html(&lane.heading()));
    for DrawnEvent { event, at } in &lane.events {
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td><code>{}</code></td></tr>",
            words::when(&event.when),
            clean::html(&words::with_why(event)),
            clean::html(at.as_deref().unwrap_or("nowhere: it holds without a word"))
        );
    }
    out.push_str("</table>\n");
}
