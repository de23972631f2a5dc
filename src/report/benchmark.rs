//! The report of one benchmark: the decision and why, both versions side by side, what is odd.

use crate::analysis::decision::Benchmark;
use crate::analysis::decision::Criterion;
use crate::analysis::decision::Decision;
use crate::analysis::decision::VersionFigures;
use crate::analysis::equality::CaseFinding;
use crate::report::figure;
use crate::report::outline::Block;
use crate::report::outline::Cell;
use crate::report::outline::Column;
use crate::report::outline::Kind;
use crate::report::outline::Outline;
use crate::report::outline::Section;
use crate::report::outline::Table;
use crate::report::prose::Prose;
use crate::report::style::Detail;
use crate::units::Bytes;
use crate::units::Seconds;
use crate::units::three_digits;

/// The decision first.
pub fn outline(found: &Benchmark, detail: Detail) -> Outline {
    let mut sections = Vec::new();
    sections.extend(criteria(found));
    sections.extend(versions(found));
    sections.extend(differences(&found.equality));
    sections.extend(warnings(&found.warnings));
    if detail != Detail::Brief {
        sections.push(origin(found));
        sections.extend(times(found));
    }
    let title = match found.suite.as_str() {
        "" | "bench" => "Benchmark".to_string(),
        name => format!("Benchmark {name}"),
    };
    Outline { title, summary: summary(found), sections }
}

/// The sentences that say the most.
pub fn summary(found: &Benchmark) -> Vec<Prose> {
    let mut sentences = vec![Prose::from_marked(&found.rationale).as_sentence()];
    let speed = found.comparison.as_ref().and_then(|comparison| comparison.speedup);
    if let (Some(before), Some(after), Some(speed)) = (&found.baseline, &found.optimized, speed) {
        sentences.push(Prose::words(&format!(
            "The baseline takes {}, the optimised version {}: {} times as fast.",
            mean(before),
            mean(after),
            three_digits(speed)
        )));
    } else if let Some(only) = &found.baseline {
        sentences.push(Prose::words(&format!("It takes {}.", mean(only))));
    }
    sentences
}

/// `1.02 s ± 0.03 s`, or the mean alone of a single run.
fn mean(version: &VersionFigures) -> String {
    match version.sd_seconds {
        Some(sd) => format!("{} ± {}", Seconds(version.mean_seconds), Seconds(sd)),
        None => Seconds(version.mean_seconds).to_string(),
    }
}

fn criteria(found: &Benchmark) -> Option<Section> {
    let criteria = found.criteria.as_ref()?;
    let row = |(name, criterion): (&'static str, &Criterion)| {
        let verdict = match criterion.passed {
            true => Cell::plain("holds"),
            false => Cell::new("fails", Kind::Alarm),
        };
        vec![
            Cell::plain(name),
            Cell::plain(&value(criterion)),
            Cell::plain(&limit(name, criterion)),
            verdict,
        ]
    };
    let table = Table {
        columns: vec![
            Column::word("Criterion"),
            Column::figure("Found", ""),
            Column::figure("Asked for", ""),
            Column::word("Verdict"),
        ],
        rows: criteria.all().into_iter().map(row).collect(),
        fold_after: None,
        of: "criterion",
    };
    let paragraph = format!(
        "Thresholds `{}`. The smallest difference that these runs would have shown with a \
         probability of 80 % is {} %.",
        found.thresholds.preset,
        found
            .comparison
            .as_ref()
            .and_then(|comparison| comparison.smallest_detectable_percent)
            .map_or_else(|| figure::UNKNOWN.into(), three_digits)
    );
    let blocks = vec![Block::Table(table), Block::Paragraph(Prose::from_marked(&paragraph))];
    Some(Section::chapter("Criteria", blocks))
}

fn value(criterion: &Criterion) -> String {
    match (criterion.value, criterion.unit) {
        (None, _) => figure::UNKNOWN.into(),
        (Some(value), "percent") => format!("{value:.2} %"),
        (Some(value), "p") if value < 0.001 => format!("p = {value:.1e}"),
        (Some(value), "p") => format!("p = {value:.4}"),
        (Some(value), _) => figure::count(Some(value)),
    }
}

fn limit(name: &str, criterion: &Criterion) -> String {
    let threshold = criterion.threshold.normalize();
    match (name, criterion.unit) {
        ("memory", _) => format!("at most {threshold} %"),
        (_, "percent") => format!("at least {threshold} %"),
        (_, "p") => format!("at most {threshold}"),
        _ => format!("at least {threshold}"),
    }
}

fn versions(found: &Benchmark) -> Option<Section> {
    let baseline = found.baseline.as_ref()?;
    let both: Vec<&VersionFigures> = [baseline].into_iter().chain(&found.optimized).collect();
    let confidence = found.thresholds.confidence_percent;
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut row = |title: &str, cell: &dyn Fn(&VersionFigures) -> Option<String>| {
        let cells: Vec<Option<String>> = both.iter().map(|version| cell(version)).collect();
        if cells.iter().any(Option::is_some) {
            let cells =
                cells.into_iter().map(|text| text.unwrap_or_else(|| figure::UNKNOWN.into()));
            let cells = cells.map(|text| Cell::plain(&text));
            rows.push([Cell::plain(title)].into_iter().chain(cells).collect());
        }
    };
    let seconds = |value: Option<f64>| value.map(|value| Seconds(value).to_string());
    row("Runs", &|version| Some(version.runs.to_string()));
    row("Mean", &|version| seconds(Some(version.mean_seconds)));
    row(&format!("Mean, {confidence} % interval"), &|version| {
        let (low, high) = (version.low_seconds?, version.high_seconds?);
        Some(format!("[{}, {}]", Seconds(low), Seconds(high)))
    });
    row("Standard deviation", &|version| seconds(version.sd_seconds));
    row("Median", &|version| seconds(Some(version.median_seconds)));
    row("Least", &|version| seconds(Some(version.min_seconds)));
    row("Most", &|version| seconds(Some(version.max_seconds)));
    row("Peak memory, median", &|version| {
        version.median_peak_memory_bytes.map(|bytes| Bytes(bytes).to_string())
    });
    row("Per backtest", &|version| seconds(version.seconds_per_backtest));
    row("Per million rows", &|version| seconds(version.seconds_per_million_rows));
    row("Per parameter combination", &|version| seconds(version.seconds_per_combination));
    let names = ["Baseline", "Optimised"].into_iter().take(both.len());
    let columns = [Column::word("Figure")].into_iter();
    let table = Table {
        columns: columns.chain(names.map(|name| Column::figure(name, ""))).collect(),
        rows,
        fold_after: None,
        of: "figure",
    };
    let mut blocks = vec![Block::Table(table)];
    blocks.extend(ratio(found).map(Block::Paragraph));
    Some(Section::chapter("Figures", blocks))
}

fn ratio(found: &Benchmark) -> Option<Prose> {
    let ratio = found.comparison.as_ref()?.median_ratio?;
    Some(Prose::words(&format!(
        "Ratio of the medians: {} [{}, {}].",
        three_digits(ratio.point),
        three_digits(ratio.low),
        three_digits(ratio.high)
    )))
}

fn differences(cases: &[CaseFinding]) -> Option<Section> {
    let differing = cases.iter().filter(|case| !case.equal);
    let mut blocks = Vec::new();
    for case in differing {
        for difference in &case.differences {
            let head = Prose::words("On ")
                .then_name(&case.case)
                .then(", ")
                .then_name(&difference.output)
                .then(": ")
                .then(&difference.places.join("; "))
                .then(".");
            blocks.push(Block::Paragraph(head));
            let lines: Vec<Prose> = difference.diff.lines().map(Prose::name).collect();
            if !lines.is_empty() {
                blocks.push(Block::List(lines));
            }
        }
    }
    (!blocks.is_empty()).then(|| Section::chapter("Where the outputs differ", blocks))
}

fn warnings(warnings: &[String]) -> Option<Section> {
    let items: Vec<Prose> =
        warnings.iter().map(|warning| Prose::from_marked(warning).as_sentence()).collect();
    (!items.is_empty()).then(|| Section::chapter("Warnings", vec![Block::List(items)]))
}

fn origin(found: &Benchmark) -> Section {
    let mut items = Vec::new();
    let named = [("Baseline", &found.baseline), ("Optimised", &found.optimized)];
    for (title, version) in named {
        if let Some(version) = version.as_ref().filter(|version| !version.command.is_empty()) {
            items.push(Prose::words(&format!("{title}: ")).then_name(&version.command));
        }
    }
    if !found.equality.is_empty() {
        let equal = found.equality.iter().filter(|case| case.equal).count();
        items.push(Prose::words(&format!(
            "Outputs equal on {equal} of {} test cases.",
            found.equality.len()
        )));
    }
    if let Some(commit) = &found.commit {
        items.push(Prose::words("Commit: ").then_name(commit));
    }
    if let Some(seed) = found.seed {
        items.push(Prose::words(&format!("Seed of the order: {seed}.")));
    }
    for file in &found.raw_files {
        items.push(Prose::words("Raw times: ").then_place(file));
    }
    let decided = found.decision.map_or("not compared", Decision::word);
    items.push(Prose::words(&format!("Decision: {decided}.")));
    Section::chapter("How it was measured", vec![Block::List(items)])
}

fn times(found: &Benchmark) -> Option<Section> {
    let baseline = found.baseline.as_ref()?;
    let cell = |version: Option<&VersionFigures>, round: usize| {
        let seconds = version.and_then(|version| version.wall_seconds.get(round));
        Cell::plain(&seconds.map_or_else(|| figure::UNKNOWN.into(), |s| Seconds(*s).to_string()))
    };
    let optimized = found.optimized.as_ref();
    let row = |round: usize| {
        let mut cells = vec![Cell::plain(&(round + 1).to_string()), cell(Some(baseline), round)];
        cells.extend(optimized.map(|version| cell(Some(version), round)));
        cells
    };
    let mut columns = vec![Column::figure("Round", ""), Column::figure("Baseline", "")];
    columns.extend(optimized.map(|_| Column::figure("Optimised", "")));
    let table = Table {
        columns,
        rows: (0..baseline.wall_seconds.len()).map(row).collect(),
        fold_after: Some(10),
        of: "round",
    };
    Some(Section::chapter("Every time", vec![Block::Table(table)]))
}
