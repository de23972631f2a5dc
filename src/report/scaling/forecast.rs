//! What the program and its functions are foretold to cost at a size that was not run.

use crate::analysis::document::Foretold;
use crate::analysis::document::FunctionForetold;
use crate::analysis::document::Phase1;
use crate::analysis::document::Projection;
use crate::profile::CostUnit;
use crate::report::figure;
use crate::report::outline::Block;
use crate::report::outline::Cell;
use crate::report::outline::Column;
use crate::report::outline::Section;
use crate::report::outline::Table;
use crate::report::place::place;
use crate::report::prose::Prose;

/// Functions shown at a terminal.
const FOLD: usize = 10;

/// The chapter on the target size; `None` when nothing was foretold.
pub fn section(doc: &Phase1) -> Option<Section> {
    let projection = doc.projection.as_ref()?;
    let size = figure::size(projection.size, &doc.size_unit);
    let mut blocks = Vec::new();
    if let Some(whole) = whole(doc.unit, projection) {
        let text = format!("The program as a whole is foretold to take {whole} at {size}.");
        blocks.push(Block::Paragraph(Prose::from_marked(&text)));
    }
    if !projection.functions.is_empty() {
        let legend = format!(
            "Costs are with all that a function calls, waiting left out; shares are of the busy {}.",
            figure::cost_word(doc.unit)
        );
        blocks.push(Block::Paragraph(Prose::words(&legend)));
        blocks.push(Block::Table(table(doc, &projection.functions)));
    }
    let title = Prose::words("Foretold at ").then_prose(Prose::from_marked(&size));
    let chapter = Section::chapter(&title.plain(), blocks);
    (!chapter.blocks.is_empty()).then_some(chapter)
}

/// `19.1 s (13.5 s to 20.5 s), with 18.8 s (18.3 s to 19.3 s) of work,`; a program that does nothing
/// else has one figure.
fn whole(unit: CostUnit, projection: &Projection) -> Option<String> {
    let wall = projection.program.as_ref().map(|wall| range(CostUnit::WallSeconds, wall));
    let busy = projection.busy.as_ref().map(|busy| range(unit, busy));
    match (wall, busy) {
        (Some(wall), Some(busy)) if wall == busy => Some(wall),
        (Some(wall), Some(busy)) => Some(match unit.is_time() {
            true => format!("{wall}, with {busy} of work,"),
            false => format!("{wall} and {busy}"),
        }),
        (wall, busy) => wall.or(busy.map(|busy| match unit.is_time() {
            true => format!("{busy} of work"),
            false => busy,
        })),
    }
}

fn table(doc: &Phase1, functions: &[FunctionForetold]) -> Table {
    let row = |function: &FunctionForetold| {
        let half = function.half_of_run_at;
        vec![
            Cell::name(&function.name),
            Cell::place(&place(&function.file, function.line)),
            Cell::plain(&range(doc.unit, &function.cost)),
            Cell::plain(&figure::percent(function.share_percent)),
            Cell::plain(&figure::count(half.map(f64::ceil))),
            Cell::plain(&figure::cost(doc.unit, function.saved_if_linear)),
        ]
    };
    let unit = figure::cost_unit(doc.unit);
    Table {
        columns: vec![
            Column::name("Function"),
            Column::name("Where"),
            Column::figure("Cost", unit),
            Column::figure("Share", "%"),
            Column::figure("Half of run at", "").spare(),
            Column::figure("Saved if linear", unit),
        ],
        rows: functions.iter().map(row).collect(),
        fold_after: Some(FOLD),
        of: "function",
    }
}

/// `17.6 s (16.9 s to 18.4 s)`.
fn range(unit: CostUnit, foretold: &Foretold) -> String {
    let [value, low, high] =
        [foretold.value, foretold.low, foretold.high].map(|value| figure::cost(unit, Some(value)));
    format!("{value} ({low} to {high})")
}
