//! One page that is whole in itself: no network, no other file, readable without scripts. What is
//! said comes from the outline; the functions and the flame graphs get a form of their own.

mod block;
mod embed;
mod explorer;
mod finding;
mod flame;
mod memory;
mod shell;
mod times;

use crate::analysis::decision::Benchmark;
use crate::error::Result;
use crate::report::against;
use crate::report::compose;
use crate::report::content::Report;
use crate::report::content::Subject;
use crate::report::outline::Depth;
use crate::report::outline::Outline;
use crate::report::outline::Section;
use crate::report::outline::Topic;
use crate::report::renderer::Renderer;
use crate::report::style::Detail;
use crate::report::style::Style;

#[derive(Debug)]
pub struct Html;

impl Renderer for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn about(&self) -> &'static str {
        "for a browser: one file with plots, flame graphs and every function"
    }

    fn extension(&self) -> &'static str {
        "html"
    }

    fn render(&self, report: &Report, _style: &Style) -> Result<String> {
        // A page folds and unfolds by itself, so nothing is left out.
        let outline = compose::outline(report, Detail::Usual);
        let chapters = match &report.subject {
            Subject::Scaling(doc) => {
                let mut findings = finding::chapter(doc);
                if let Some(found) = &report.more.against {
                    findings.body.insert_str(0, &block::lead(&against::gist(found)));
                }
                let mut chapters = vec![findings];
                chapters.extend(scaling(report, &outline)?);
                chapters
            }
            _ => {
                let mut chapters = vec![summary(&outline)];
                chapters.extend(times::chapter(&benchmarks(&report.subject)));
                let rest = laid(&outline.sections, |_| true);
                chapters.extend(rest.into_iter().map(|laid| laid.chapter));
                chapters
            }
        };
        Ok(shell::page(&outline.title, &shell::byline(report), &chapters))
    }
}

/// A chapter of the page.
struct Chapter {
    /// Its title in the page and in its navigation.
    title: String,
    body: String,
}

/// Everything after the findings, in the order of the outline.
fn scaling(report: &Report, outline: &Outline) -> Result<Vec<Chapter>> {
    let Subject::Scaling(doc) = &report.subject else { return Ok(Vec::new()) };
    let mut chapters = Vec::new();
    let mut explored = explorer::chapter(doc)?;
    let mut drawn = report.more.flame.as_deref().map(flame::chapter).transpose()?;
    for laid in laid(&outline.sections, |topic| {
        // Culprits and their ratios are in the findings.
        !matches!(topic, Topic::Culprits | Topic::Pairs | Topic::Functions)
    }) {
        // All functions stand first, flame graphs before the chapters on what was run.
        if laid.topic != Topic::Baseline {
            chapters.extend(explored.take());
        }
        if matches!(laid.topic, Topic::Runs | Topic::Other | Topic::Settings) {
            chapters.extend(drawn.take());
        }
        chapters.push(drawn_beside(laid, report));
    }
    chapters.extend(explored);
    chapters.extend(drawn);
    Ok(chapters)
}

/// The chapter with the pictures that belong to it.
fn drawn_beside(Laid { topic, mut chapter }: Laid, report: &Report) -> Chapter {
    match topic {
        Topic::Memory => {
            chapter.body.insert_str(0, &memory::pictures(&report.more.memory));
        }
        Topic::Benchmarks => {
            let all: Vec<&Benchmark> = report.more.benchmarks.iter().collect();
            chapter.body += &times::pictures(&all);
        }
        _ => {}
    }
    chapter
}

/// What was timed again and again.
fn benchmarks(subject: &Subject) -> Vec<&Benchmark> {
    match subject {
        Subject::Benchmark(found) => vec![found],
        Subject::Sequence(found) => found.steps.iter().map(|step| &step.benchmark).collect(),
        _ => Vec::new(),
    }
}

struct Laid {
    topic: Topic,
    chapter: Chapter,
}

/// The sections that are `wanted`, each chapter with its parts.
fn laid(sections: &[Section], wanted: impl Fn(Topic) -> bool) -> Vec<Laid> {
    let mut chapters: Vec<Laid> = Vec::new();
    for section in sections.iter().filter(|section| wanted(section.topic)) {
        let body = block::blocks(&section.blocks);
        match (section.depth, chapters.last_mut()) {
            (Depth::Part, Some(Laid { chapter, .. })) => {
                chapter.body += &format!("<h3>{}</h3>\n{body}", block::prose(&section.title));
            }
            _ => chapters.push(Laid {
                topic: section.topic,
                chapter: Chapter { title: section.title.plain(), body },
            }),
        }
    }
    chapters
}

fn summary(outline: &Outline) -> Chapter {
    let body = outline.summary.iter().map(block::lead).collect();
    Chapter { title: "Findings".into(), body }
}
