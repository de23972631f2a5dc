//! Where the largest run spends its time: costly functions, what does not grow, modules and kinds
//! of work.

use crate::analysis::Bottlenecks;
use crate::analysis::bottleneck::Bottleneck;
use crate::analysis::bottleneck::Mark;
use crate::analysis::bottleneck::Part;
use crate::report::figure;
use crate::report::outline::Block;
use crate::report::outline::Cell;
use crate::report::outline::Column;
use crate::report::outline::Kind;
use crate::report::outline::Section;
use crate::report::outline::Table;
use crate::report::outline::Topic;
use crate::report::place::place;
use crate::report::prose::Prose;

/// Rows shown at a terminal.
const FOLD: usize = 15;

/// The functions above half a per cent, then modules and kinds of work.
pub fn sections(found: &Bottlenecks) -> Vec<Section> {
    [functions(found), parts(found, "Modules", "module", &found.modules)]
        .into_iter()
        .chain([parts(found, "Kinds of work", "kind", &found.categories)])
        .flatten()
        .collect()
}

fn functions(found: &Bottlenecks) -> Option<Section> {
    if found.functions.is_empty() {
        return None;
    }
    let row = |function: &Bottleneck| {
        vec![
            Cell::name(&function.name),
            Cell::place(&place(&function.file, function.line)),
            Cell::plain(&figure::percent(function.share_percent)),
            mark(function.mark),
            Cell::plain(&figure::cost(found.unit, Some(function.tsub))),
            Cell::plain(&figure::count(Some(function.ncall as f64))),
            Cell::plain(growth(found, function)),
        ]
    };
    let own = format!("Self {}", figure::cost_word(found.unit));
    let table = Table {
        columns: vec![
            Column::name("Function"),
            Column::name("Where"),
            Column::figure("Share", "%"),
            Column::word("Weight"),
            Column::figure(&own, ""),
            Column::figure("Calls", ""),
            Column::word("Cost").spare(),
        ],
        rows: found.functions.iter().map(row).collect(),
        fold_after: Some(FOLD),
        of: "function",
    };
    let blocks = vec![Block::Paragraph(lead(found)), Block::Table(table)];
    Some(Section::chapter("Bottlenecks", blocks).about(Topic::Bottlenecks))
}

fn growth(found: &Bottlenecks, function: &Bottleneck) -> &'static str {
    match (&found.fixed, function.fixed) {
        (None, _) => figure::UNKNOWN,
        (Some(_), true) => "fixed",
        (Some(_), false) => "variable",
    }
}

/// What the table is of, and how much of it does not grow.
fn lead(found: &Bottlenecks) -> Prose {
    let at = found.run.size.map(|size| format!(" at {}", figure::size(size, &found.size_unit)));
    let each = found.per_iteration.as_ref().map(|each| {
        let busy = figure::cost_in_words(found.unit, each.busy);
        format!(" A call of `{}` costs {busy}.", each.function)
    });
    Prose::from_marked(&format!(
        "Functions with 0.5 % of the busy {} or more{}: minor, from 5 % on major, from 10 % on \
         critical. {}.{}",
        figure::cost_word(found.unit),
        at.unwrap_or_default(),
        growing(found),
        each.unwrap_or_default(),
    ))
}

/// What does not grow against the rest, or what it takes to tell them apart.
pub fn growing(found: &Bottlenecks) -> String {
    let part = |part: &Part| {
        let cost = figure::cost_in_words(found.unit, part.cost);
        match part.share_percent {
            Some(share) => format!("{cost} ({})", figure::percent_in_words(share)),
            None => cost,
        }
    };
    let takes = "that takes calls counted at three sizes or more";
    match (&found.fixed, &found.variable, found.run.size) {
        (Some(fixed), Some(variable), _) => format!(
            "Start-up, which does not grow, costs {}; the rest {}",
            part(fixed),
            part(variable)
        ),
        (_, _, Some(_)) => format!("What is start-up, and what grows, is not known: {takes}"),
        (_, _, None) => format!("A single run says nothing about growth: {takes}"),
    }
}

fn mark(mark: Mark) -> Cell {
    match mark {
        Mark::Critical => Cell::new("critical", Kind::Alarm),
        Mark::Major => Cell::new("major", Kind::Caution),
        Mark::Minor => Cell::plain("minor"),
        Mark::Small => Cell::plain("small"),
    }
}

fn parts(found: &Bottlenecks, title: &str, of: &'static str, parts: &[Part]) -> Option<Section> {
    if parts.is_empty() {
        return None;
    }
    let row = |part: &Part| {
        vec![
            Cell::name(&part.name),
            Cell::plain(&figure::percent(part.share_percent)),
            Cell::plain(&figure::cost(found.unit, Some(part.cost))),
            Cell::plain(&figure::count(Some(part.functions as f64))),
        ]
    };
    let table = Table {
        columns: vec![
            Column::name(if of == "kind" { "Kind" } else { "Module" }),
            Column::figure("Share", "%"),
            Column::figure(&format!("Self {}", figure::cost_word(found.unit)), ""),
            Column::figure("Functions", ""),
        ],
        rows: parts.iter().map(row).collect(),
        fold_after: Some(FOLD),
        of,
    };
    Some(Section::chapter(title, vec![Block::Table(table)]).about(Topic::Parts))
}
