//! The page around its chapters: head, policy, heading, navigation, script.

use std::collections::BTreeSet;

use crate::report::content::Report;
use crate::report::content::Subject;
use crate::report::figure;
use crate::report::html::Chapter;
use crate::report::html::embed::digest;
use crate::report::scaling::evidence::Evidence;
use crate::report::svg;
use crate::report::svg::escape::escape;

const STYLE: &str = include_str!("page.css");
const SCRIPTS: [&str; 4] = [
    include_str!("figures.js"),
    include_str!("functions.js"),
    include_str!("flame.js"),
    include_str!("page.js"),
];

/// The whole document.
pub fn page(title: &str, byline: &str, chapters: &[Chapter]) -> String {
    let style = format!("{STYLE}{}", svg::STYLE);
    let script = format!("\"use strict\";\n{}", SCRIPTS.concat());
    let policy = format!(
        "default-src 'none'; script-src {}; style-src {}; base-uri 'none'; form-action 'none'",
        digest(&script),
        digest(&style)
    );
    let title = escape(title);
    let ids = ids(chapters);
    let links: String = chapters
        .iter()
        .zip(&ids)
        .map(|(chapter, id)| format!("<a href=\"#{id}\">{}</a>", escape(&chapter.title)))
        .collect();
    let sections: String = chapters
        .iter()
        .zip(&ids)
        .map(|(chapter, id)| {
            format!(
                "<section id=\"{id}\" aria-labelledby=\"{id}-title\">\n<h2 id=\"{id}-title\">{}</h2>\n{}</section>\n",
                escape(&chapter.title),
                chapter.body
            )
        })
        .collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"generator\" content=\"superlinear {}\">\n\
         <title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#findings\">Skip to the findings</a>\n\
         <header><div><h1>{title}</h1>\n<p class=\"byline\">{byline}</p></div>\n\
         <button id=\"theme\" type=\"button\" hidden>Theme: system</button></header>\n\
         <nav aria-label=\"Chapters\">{links}</nav>\n<main>\n{sections}</main>\n\
         <script>{script}</script>\n</body>\n</html>\n",
        env!("CARGO_PKG_VERSION")
    )
}

/// What the report is of, in a line.
pub fn byline(report: &Report) -> String {
    let Subject::Scaling(doc) = &report.subject else {
        return escape(&figure::number_of(report.runs.len(), "run")).into_owned();
    };
    let runs = Evidence::of_all(doc).map(|evidence| evidence.describe(&doc.size_unit));
    let functions = figure::number_of(doc.functions.len(), "function");
    let machine = report.runs.iter().find_map(|run| run.machine.as_ref());
    let on = machine.map(|machine| {
        let cores = figure::number_of(machine.cores as usize, "core");
        format!("{}, {cores}", machine.cpu)
    });
    let parts = [runs.map(|runs| runs.replace('`', "")), Some(functions), on];
    let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let parts: String = crate::report::name::shorten(&parts.join(" · "), 160);
    escape(&parts).into_owned()
}

/// One name per chapter, from its title: `flame-graphs`.
fn ids(chapters: &[Chapter]) -> Vec<String> {
    let mut used = BTreeSet::new();
    chapters
        .iter()
        .enumerate()
        .map(|(position, chapter)| {
            let letters = chapter.title.chars().map(|letter| match letter {
                letter if letter.is_ascii_alphanumeric() => letter.to_ascii_lowercase(),
                _ => '-',
            });
            let id: String = letters.take(40).collect();
            let id = id.trim_matches('-').to_string();
            match !id.is_empty() && used.insert(id.clone()) {
                true => id,
                false => format!("chapter-{position}"),
            }
        })
        .collect()
}
