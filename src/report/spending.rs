//! Where one run spends its time, as a document of its own.

use crate::analysis::Bottlenecks;
use crate::analysis::bottleneck::Bottleneck;
use crate::report::bottleneck;
use crate::report::figure;
use crate::report::outline::Block;
use crate::report::outline::Cell;
use crate::report::outline::Column;
use crate::report::outline::Outline;
use crate::report::outline::Section;
use crate::report::outline::Table;
use crate::report::place::place;
use crate::report::prose::Prose;
use crate::report::record::RunRecord;
use crate::report::runs;
use crate::report::style::Detail;
use crate::units::Bytes;
use crate::units::Seconds;

/// The costliest functions in a sentence, the bottlenecks, then the lists of the costliest.
pub fn outline(found: &Bottlenecks, records: &[RunRecord], detail: Detail) -> Outline {
    let mut sections = Vec::new();
    sections.extend(advice(found));
    sections.extend(bottleneck::sections(found));
    if detail != Detail::Brief {
        let cost = figure::cost_word(found.unit);
        sections.extend([
            top(found, &format!("Costliest by total {cost}, callees included"), &found.top_ttot),
            top(found, &format!("Costliest by self {cost}"), &found.top_tsub),
        ]);
        sections.extend(runs::section(records));
    }
    let title = format!("Where `{}` spends its time", found.run.id);
    Outline { title: Prose::from_marked(&title).plain(), summary: summary(found), sections }
}

fn summary(found: &Bottlenecks) -> Vec<Prose> {
    let size = found.run.size.map(|size| figure::size(size, &found.size_unit));
    let took = found.run.wall_seconds.map(|wall| format!(" took {}", Seconds(wall)));
    let busy = found.run.busy.map(|busy| {
        let busy = figure::cost_in_words(found.unit, busy);
        format!("{busy} of work in functions that do not wait")
    });
    let run = Prose::name(&found.run.id);
    let run = size.iter().fold(run, |run, size| run.then(&format!(" ({size})")));
    let whole = match (took, busy) {
        (Some(took), Some(busy)) => run.then(&format!("{took}, with {busy}.")),
        (Some(took), None) => run.then(&format!("{took}.")),
        (None, Some(busy)) => run.then(&format!(" has {busy}.")),
        (None, None) => run.then(" has no figures."),
    };
    let first = found.functions.first().map(|first| {
        let share = first.share_percent.map(figure::percent_in_words).unwrap_or_default();
        let own = figure::cost_in_words(found.unit, first.tsub);
        let calls = figure::number_of(usize::try_from(first.ncall).unwrap_or(usize::MAX), "call");
        Prose::words("Most of it, ")
            .then(&format!("{share}, is the own work of "))
            .then_name(&first.name)
            .then(&format!(": {own} in {calls}."))
    });
    let each = found.per_iteration.as_ref().map(|each| {
        let busy = figure::cost_in_words(found.unit, each.busy);
        let wall = each.wall_seconds.map(|wall| format!(", {} of wall time", Seconds(wall)));
        let calls = figure::count(Some(each.calls as f64));
        Prose::words("Each of the ")
            .then(&format!("{calls} calls of "))
            .then_name(&each.function)
            .then(&format!(" costs the program {busy} of work{}.", wall.unwrap_or_default()))
    });
    let growing = Prose::words(&format!("{}.", bottleneck::growing(found)));
    [Some(whole), first, Some(growing), each, memory(found)].into_iter().flatten().collect()
}

/// What a unit of size takes of memory.
fn memory(found: &Bottlenecks) -> Option<Prose> {
    let memory = found.memory?;
    let whole = |bytes: f64| Bytes(bytes.round().max(0.0) as u64);
    let unit = match found.size_unit.as_str() {
        "days" => "day".to_string(),
        "size" | "" => "unit of size".into(),
        other => format!("one of the {other}"),
    };
    let each = format!("{} per {unit}", whole(memory.bytes_per_size));
    let added = memory.added_bytes_per_size.filter(|added| *added >= 1.0);
    let added = added.map(|added| format!("; each {unit} adds {}", whole(added)));
    Some(Prose::from_marked(&format!(
        "Its peak memory is {}, {each}{}.",
        Bytes(memory.peak_bytes),
        added.unwrap_or_default()
    )))
}

fn advice(found: &Bottlenecks) -> Option<Section> {
    let items: Vec<Prose> =
        found.advice.iter().map(|item| Prose::from_marked(item).as_sentence()).collect();
    (!items.is_empty()).then(|| Section::chapter("What to do", vec![Block::List(items)]))
}

fn top(found: &Bottlenecks, title: &str, functions: &[Bottleneck]) -> Section {
    let row = |function: &Bottleneck| {
        vec![
            Cell::name(&function.name),
            Cell::place(&place(&function.file, function.line)),
            Cell::plain(&figure::cost(found.unit, Some(function.ttot))),
            Cell::plain(&figure::percent(function.cumulative_percent)),
            Cell::plain(&figure::cost(found.unit, Some(function.tsub))),
            Cell::plain(&figure::percent(function.share_percent)),
            Cell::plain(&figure::count(Some(function.ncall as f64))),
            Cell::plain(&function.category),
        ]
    };
    let table = Table {
        columns: vec![
            Column::name("Function"),
            Column::name("Where"),
            Column::figure("Total", figure::cost_unit(found.unit)),
            Column::figure("Total", "%"),
            Column::figure("Self", figure::cost_unit(found.unit)),
            Column::figure("Self", "%"),
            Column::figure("Calls", ""),
            Column::word("Kind").spare(),
        ],
        rows: functions.iter().map(row).collect(),
        fold_after: None,
        of: "function",
    };
    Section::chapter(title, vec![Block::Table(table)])
}
