//! Every raw time of a suite, as CSV and as JSON, so that anybody can judge it anew.

use std::path::Path;

use serde_json::Value;
use serde_json::json;

use crate::analysis::decision::Trial;
use crate::error::Error;
use crate::error::Result;
use crate::plan::Plan;
use crate::plan::RunResult;
use crate::plan::suite;
use crate::plan::suite::Suite;
use crate::system::file;

/// The columns of the CSV file.
pub const COLUMNS: [&str; 13] = [
    "suite",
    "version",
    "round",
    "order",
    "wall_seconds",
    "user_seconds",
    "system_seconds",
    "peak_memory_bytes",
    "finished",
    "workflow",
    "dataset_size",
    "parameter_combinations",
    "backtest_count",
];

/// Writes the files `stem` with `.csv` and `.json` behind it; their names, for people.
///
/// # Errors
/// When one of them cannot be written.
pub fn write(
    plan: &Plan,
    name: &str,
    suite: &Suite,
    trial: &Trial,
    stem: &Path,
) -> Result<Vec<String>> {
    let rows = rows(plan, name, suite);
    if let Some(folder) = stem.parent() {
        file::create_folder(folder)?;
    }
    let base = file_name(stem);
    let csv = stem.with_file_name(format!("{base}.csv"));
    file::replace_output(&csv, &as_csv(&rows)?, "raw")?;
    let document = json!({
        "version": 1,
        "suite": name,
        "workflow": suite.workflow,
        "scale": suite.scale,
        "seed": suite.seed,
        "commit": trial.commit,
        "commands": {
            "baseline": trial.baseline.command,
            "optimized": trial.optimized.as_ref().map(|sample| &sample.command),
        },
        "times": rows.iter().map(as_json).collect::<Vec<Value>>(),
    });
    let json = stem.with_file_name(format!("{base}.json"));
    file::replace_output(&json, format!("{document:#}\n").as_bytes(), "raw")?;
    let shown = [csv, json];
    Ok(shown.iter().map(|path| format!("profiling/raw/{}", file_name(path))).collect())
}

/// One row per time: its cells in the order of [`COLUMNS`].
type Row = Vec<Value>;

/// In the order of execution.
fn rows(plan: &Plan, name: &str, suite: &Suite) -> Vec<Row> {
    let mut timed = Vec::new();
    for (version, _) in suite.versions() {
        if let Some(result) = plan.results.get(suite::timed_id(name, version).as_str()) {
            let each = 0..result.repetitions();
            timed.extend(each.map(|round| (result.finished.get(round), version, round, result)));
        }
    }
    timed.sort_by_key(|(finished, ..)| *finished);
    let row =
        |(order, (_, version, round, result)): (usize, &(_, &'static str, usize, &RunResult))| {
            cells(name, suite, version, *round, order, result)
        };
    timed.iter().enumerate().map(row).collect()
}

fn cells(
    name: &str,
    suite: &Suite,
    version: &str,
    round: usize,
    order: usize,
    result: &RunResult,
) -> Row {
    vec![
        json!(name),
        json!(version),
        json!(round + 1),
        json!(order + 1),
        json!(result.wall_seconds.get(round)),
        json!(result.user_seconds.get(round)),
        json!(result.system_seconds.get(round)),
        json!(result.peak_memory_bytes.get(round)),
        json!(result.finished.get(round)),
        json!(suite.workflow),
        json!(suite.scale.dataset_size),
        json!(suite.scale.parameter_combinations),
        json!(suite.scale.backtest_count),
    ]
}

fn as_json(row: &Row) -> Value {
    // What holds for the whole suite stands once, beside the times.
    let own = COLUMNS.iter().zip(row).skip(1).take(8);
    own.map(|(column, cell)| ((*column).to_string(), cell.clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn as_csv(rows: &[Row]) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let bug = |error: csv::Error| Error::bug(format!("raw times as CSV: {error}"));
    writer.write_record(COLUMNS).map_err(bug)?;
    for row in rows {
        let cells = row.iter().map(|cell| match cell {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        writer.write_record(cells).map_err(bug)?;
    }
    writer.into_inner().map_err(|error| Error::bug(format!("raw times as CSV: {error}")))
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
