//! The report of a sequence of optimisations: what it gained in all, what was accepted and
//! rejected.

use crate::analysis::decision::Decision;
use crate::analysis::decision::SequenceReport;
use crate::analysis::decision::Step;
use crate::analysis::decision::StopReason;
use crate::report::benchmark;
use crate::report::figure;
use crate::report::outline::Block;
use crate::report::outline::Cell;
use crate::report::outline::Column;
use crate::report::outline::Kind;
use crate::report::outline::Outline;
use crate::report::outline::Section;
use crate::report::outline::Table;
use crate::report::prose::Prose;
use crate::report::prose::listed;
use crate::report::style::Detail;

/// The total first, then step by step.
pub fn outline(found: &SequenceReport, detail: Detail) -> Outline {
    let mut sections = vec![Section::chapter("Decisions", vec![Block::Table(steps(found))])];
    if detail != Detail::Brief {
        for step in &found.steps {
            let name = &step.benchmark.suite;
            let title = Prose::words(&format!("Step {}: ", step.number)).then_name(name);
            let sentences = benchmark::summary(&step.benchmark);
            let blocks = sentences.into_iter().map(Block::Paragraph).collect();
            sections.push(Section::part(title, blocks));
        }
    }
    Outline { title: format!("Performance {}", found.sequence), summary: summary(found), sections }
}

fn summary(found: &SequenceReport) -> Vec<Prose> {
    let total = figure::percent_in_words(found.cumulative_improvement_percent);
    let goal = figure::percent_in_words(found.goal_percent);
    let reached = if found.reached { "reaches" } else { "does not reach" };
    let counted = format!(
        "{} accepted, {} rejected, {} blocked.",
        found.count(Decision::Accepted),
        found.count(Decision::Rejected),
        found.count(Decision::Blocked)
    );
    let mut sentences = vec![
        Prose::words(&format!(
            "The accepted optimisations together save {total} of the time, which {reached} the \
             goal of {goal}."
        )),
        Prose::words(&counted),
    ];
    let why = match found.stopped {
        Some(StopReason::GoalReached) => "The goal is reached, so the sequence ended",
        Some(StopReason::TwoRejected) => {
            "Two steps in a row were not accepted, so the sequence ended"
        }
        Some(StopReason::AllDone) => "Every step was judged",
        None => "There are steps to go",
    };
    let left = found.left.iter().map(|name| Prose::name(name)).collect::<Vec<_>>();
    sentences.push(match left.is_empty() {
        true => Prose::words(why).then("."),
        false => Prose::words(why).then("; not judged: ").then_prose(listed(left)).then("."),
    });
    sentences
}

fn steps(found: &SequenceReport) -> Table {
    let row = |step: &Step| {
        let decision = step.benchmark.decision;
        let word = decision.map_or(figure::UNKNOWN, Decision::word);
        let kind = match decision {
            Some(Decision::Accepted) => Kind::Plain,
            Some(Decision::Blocked) => Kind::Alarm,
            _ => Kind::Caution,
        };
        let commit = step.benchmark.commit.as_deref().unwrap_or_default();
        vec![
            Cell::plain(&step.number.to_string()),
            Cell::name(&step.benchmark.suite),
            Cell::new(word, kind),
            Cell::plain(&figure::percent(step.benchmark.improvement_percent)),
            Cell::plain(&figure::percent(Some(step.cumulative_improvement_percent))),
            Cell::name(&commit.chars().take(10).collect::<String>()),
        ]
    };
    Table {
        columns: vec![
            Column::figure("Step", ""),
            Column::name("Optimisation"),
            Column::word("Decision"),
            Column::figure("Improvement", "%"),
            Column::figure("In all", "%"),
            Column::word("Commit").spare(),
        ],
        rows: found.steps.iter().map(row).collect(),
        fold_after: None,
        of: "step",
    }
}
