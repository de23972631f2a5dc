//! The plain log ratios between every two runs, for each culprit: what a person would compute by
//! hand, to hold against the verdict.

use std::collections::HashMap;

use crate::analysis::document::Culprit;
use crate::analysis::document::Pair;
use crate::analysis::document::Phase1;
use crate::analysis::document::RunFigures;
use crate::report::figure;
use crate::report::outline::Block;
use crate::report::outline::Cell;
use crate::report::outline::Column;
use crate::report::outline::Section;
use crate::report::outline::Table;
use crate::report::outline::Topic;
use crate::report::prose::Prose;
use crate::report::scaling::sentence;

/// Culprits whose ratios are shown.
const MOST_CULPRITS: usize = 5;
/// Runs up to which the ratios are a square; beyond, they are a list.
const LARGEST_SQUARE: usize = 10;
/// Ratios of a list that are shown at a terminal.
const FOLD_LIST: usize = 20;

/// One part per culprit, under a chapter of their own; empty when no culprit has pairs.
pub fn sections(doc: &Phase1) -> Vec<Section> {
    let parts: Vec<Section> = doc
        .culprits
        .iter()
        .take(MOST_CULPRITS)
        .filter(|culprit| !culprit.growth.pairs.is_empty())
        .map(|culprit| part(doc, culprit))
        .collect();
    if parts.is_empty() {
        return parts;
    }
    let note = "The exponent that each two runs alone would give, ln(m2/m1) / ln(n2/n1), from the \
                run of the row to that of the column, of repetitions by the median. Fixed cost makes it too small, \
                noise makes it wander; the verdict stands on all runs together.";
    let chapter =
        Section::chapter("Pairwise log ratios", vec![Block::Paragraph(Prose::words(note))])
            .about(Topic::Pairs);
    std::iter::once(chapter).chain(parts).collect()
}

fn part(doc: &Phase1, culprit: &Culprit) -> Section {
    let title = Prose::name(&culprit.name).then(" ").then_prose(sentence::by(doc, culprit));
    let table = table(doc, culprit).map(Block::Table);
    Section::part(title, Vec::from_iter(table)).about(Topic::Pairs)
}

/// The ratios of one culprit; `None` where there are none.
pub fn table(doc: &Phase1, culprit: &Culprit) -> Option<Table> {
    let pairs = &culprit.growth.pairs;
    let runs = doc.runs_once();
    (!pairs.is_empty()).then(|| match runs.len() <= LARGEST_SQUARE {
        true => square(&runs, pairs),
        false => list(&runs, pairs),
    })
}

/// Rows are the smaller runs, columns the larger ones, by size.
fn square(runs: &[&RunFigures], pairs: &[Pair]) -> Table {
    let ratios: HashMap<(&str, &str), f64> =
        pairs.iter().map(|pair| ((pair.from.as_str(), pair.to.as_str()), pair.exponent)).collect();
    let rows = &runs[..runs.len().saturating_sub(1)];
    let larger = runs.get(1..).unwrap_or_default();
    let row = |from: &&RunFigures| {
        let cells = larger.iter().map(|to| {
            let ratio = ratios.get(&(from.id.as_str(), to.id.as_str()));
            Cell::plain(&ratio.map_or(String::new(), |ratio| figure::exponent(Some(*ratio))))
        });
        let head = [Cell::name(&from.id), Cell::plain(&figure::count(Some(from.size)))];
        head.into_iter().chain(cells).collect()
    };
    let head = [Column::name("From"), Column::figure("Size", "")];
    let sizes = larger
        .iter()
        .map(|run| Column::figure(&format!("to {}", figure::count(Some(run.size))), ""));
    Table {
        columns: head.into_iter().chain(sizes).collect(),
        rows: rows.iter().map(row).collect(),
        fold_after: None,
        of: "run",
    }
}

fn list(runs: &[&RunFigures], pairs: &[Pair]) -> Table {
    let sizes: HashMap<&str, f64> = runs.iter().map(|run| (run.id.as_str(), run.size)).collect();
    let size = |id: &str| Cell::plain(&figure::count(sizes.get(id).copied()));
    let row = |pair: &Pair| {
        vec![
            Cell::name(&pair.from),
            size(&pair.from),
            Cell::name(&pair.to),
            size(&pair.to),
            Cell::plain(&figure::exponent(Some(pair.exponent))),
        ]
    };
    Table {
        columns: vec![
            Column::name("From"),
            Column::figure("Size", ""),
            Column::name("To"),
            Column::figure("Size", ""),
            Column::figure("Log ratio", ""),
        ],
        rows: pairs.iter().map(row).collect(),
        fold_after: Some(FOLD_LIST),
        of: "pair",
    }
}
