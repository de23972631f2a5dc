//! Raw times that lie in files, judged anew or for the first time; nothing is executed.

use std::path::Path;
use std::path::PathBuf;

use serde_json::Value;

use crate::analysis::decision;
use crate::analysis::decision::Benchmark;
use crate::analysis::decision::Sample;
use crate::analysis::decision::Trial;
use crate::error::Act;
use crate::error::Error;
use crate::error::Result;
use crate::plan::suite::Scale;
use crate::plan::thresholds::Thresholds;
use crate::system::file;

/// The largest file of times that is read, in bytes.
const LIMIT: u64 = 256 << 20;

/// Judges one file that holds both versions, or two that hold one each.
///
/// # Errors
/// When a file cannot be read or understood, the two are of different work, or the times cannot be
/// judged.
pub fn judge(paths: &[PathBuf], thresholds: Thresholds, seed: Option<u64>) -> Result<Benchmark> {
    let mut trial = match paths {
        [both] => one_file(both)?,
        [before, after] => two_files(before, after)?,
        _ => return Err(Error::bug("a command line with neither one nor two files")),
    };
    trial.thresholds = thresholds;
    trial.seed = seed.or(trial.seed);
    decision::decide(&trial)
}

fn one_file(path: &Path) -> Result<Trial> {
    let file = read(path)?;
    let baseline = file.sample("baseline");
    let baseline = baseline.ok_or_else(|| no_version(path, "baseline"))?;
    let optimized = file.sample("optimized");
    Ok(Trial {
        suite: file.suite,
        workflow: file.work.workflow,
        scale: file.work.scale,
        seed: file.seed,
        commit: file.commit,
        baseline,
        optimized,
        pairs: true,
        ..Trial::default()
    })
}

fn two_files(before: &Path, after: &Path) -> Result<Trial> {
    let (first, second) = (read(before)?, read(after)?);
    if first.work != second.work {
        return Err(Error::analyse(
            format!(
                "`{}` is no baseline for `{}`, since it is of another workload: {} against {}",
                before.display(),
                after.display(),
                first.work.in_words(),
                second.work.in_words()
            ),
            "compare measurements of the same work",
        ));
    }
    let baseline = first.sample("baseline").ok_or_else(|| no_version(before, "baseline"))?;
    let optimized = second.sample("optimized").or_else(|| second.sample("baseline"));
    Ok(Trial {
        suite: second.suite.clone(),
        workflow: second.work.workflow.clone(),
        scale: second.work.scale,
        seed: second.seed,
        commit: second.commit.clone(),
        baseline,
        optimized: Some(optimized.ok_or_else(|| no_version(after, "optimized"))?),
        pairs: false,
        ..Trial::default()
    })
}

fn no_version(path: &Path, version: &str) -> Error {
    let message = format!("`{}` has no times of the version `{version}`", path.display());
    Error::analyse(message, "name the versions `baseline` and `optimized` in the column `version`")
}

/// A file of times.
#[derive(Debug, Default)]
struct Times {
    suite: String,
    work: Work,
    seed: Option<u64>,
    commit: Option<String>,
    rows: Vec<Time>,
}

/// What was done; only equal work can be compared.
#[derive(Debug, Default, PartialEq)]
struct Work {
    workflow: Option<String>,
    scale: Scale,
}

#[derive(Debug)]
struct Time {
    version: String,
    round: Option<u64>,
    /// Not a number where it is missing.
    wall_seconds: f64,
    peak_memory_bytes: Option<u64>,
}

impl Times {
    /// The times of one version, by round where rounds are given.
    fn sample(&self, version: &str) -> Option<Sample> {
        let mut rows: Vec<&Time> = self.rows.iter().filter(|row| row.version == version).collect();
        rows.sort_by_key(|row| row.round);
        let memory: Vec<u64> = rows.iter().filter_map(|row| row.peak_memory_bytes).collect();
        (!rows.is_empty()).then(|| Sample {
            command: String::new(),
            wall_seconds: rows.iter().map(|row| row.wall_seconds).collect(),
            peak_memory_bytes: memory,
        })
    }
}

impl Work {
    fn in_words(&self) -> String {
        let counts = [
            ("data-set size", self.scale.dataset_size),
            ("parameter combinations", self.scale.parameter_combinations),
            ("backtests", self.scale.backtest_count),
        ];
        let workflow = self.workflow.iter().map(|name| format!("workflow {name}"));
        let counts = counts
            .into_iter()
            .filter_map(|(name, count)| count.map(|count| format!("{name} {count}")));
        let words: Vec<String> = workflow.chain(counts).collect();
        if words.is_empty() { "work that is not described".into() } else { words.join(", ") }
    }
}

fn read(path: &Path) -> Result<Times> {
    let bytes = file::read(path, LIMIT)?;
    let is_json = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    if is_json { json(path, &bytes) } else { csv(path, &bytes) }
}

fn json(path: &Path, bytes: &[u8]) -> Result<Times> {
    let document: Value = serde_json::from_slice(bytes).map_err(|error| {
        parse_error(path, Some(error.line() as u64), format!("it is not JSON: {error}"))
    })?;
    let word = |value: &Value| value.as_str().map(String::from);
    let rows = document["times"]
        .as_array()
        .ok_or_else(|| parse_error(path, None, "it has no list `times`".into()))?;
    let row = |row: &Value| Time {
        version: word(&row["version"]).unwrap_or_default(),
        round: row["round"].as_u64(),
        wall_seconds: row["wall_seconds"].as_f64().unwrap_or(f64::NAN),
        peak_memory_bytes: row["peak_memory_bytes"].as_u64(),
    };
    Ok(Times {
        suite: word(&document["suite"]).unwrap_or_default(),
        work: Work {
            workflow: word(&document["workflow"]),
            scale: Scale {
                dataset_size: document["scale"]["dataset_size"].as_u64(),
                parameter_combinations: document["scale"]["parameter_combinations"].as_u64(),
                backtest_count: document["scale"]["backtest_count"].as_u64(),
            },
        },
        seed: document["seed"].as_u64(),
        commit: word(&document["commit"]),
        rows: rows.iter().map(row).collect(),
    })
}

fn csv(path: &Path, bytes: &[u8]) -> Result<Times> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let odd = |error: csv::Error| {
        let line = error.position().map(csv::Position::line);
        parse_error(path, line, format!("it is not CSV: {error}"))
    };
    let head = reader.headers().map_err(odd)?.clone();
    let place = |name: &str| head.iter().position(|column| column == name);
    for needed in ["version", "wall_seconds"] {
        if place(needed).is_none() {
            return Err(parse_error(path, Some(1), format!("it has no column `{needed}`")));
        }
    }
    let mut times = Times::default();
    for (index, record) in reader.records().enumerate() {
        let record = record.map_err(odd)?;
        let line = index as u64 + 2;
        let cell = |name: &str| {
            place(name).and_then(|place| record.get(place)).filter(|text| !text.is_empty())
        };
        let whole = |name: &str| match cell(name) {
            None => Ok(None),
            Some(text) => text.parse::<u64>().map(Some).map_err(|_| {
                parse_error(path, Some(line), format!("`{name}` is `{text}`, no whole number"))
            }),
        };
        let seconds = match cell("wall_seconds") {
            None => f64::NAN,
            Some(text) => text.parse().map_err(|_| {
                parse_error(path, Some(line), format!("`wall_seconds` is `{text}`, no number"))
            })?,
        };
        times.rows.push(Time {
            version: cell("version").unwrap_or_default().to_string(),
            round: whole("round")?,
            wall_seconds: seconds,
            peak_memory_bytes: whole("peak_memory_bytes")?,
        });
        times.suite = cell("suite").unwrap_or_default().to_string();
        times.work = Work {
            workflow: cell("workflow").map(String::from),
            scale: Scale {
                dataset_size: whole("dataset_size")?,
                parameter_combinations: whole("parameter_combinations")?,
                backtest_count: whole("backtest_count")?,
            },
        };
    }
    Ok(times)
}

fn parse_error(path: &Path, line: Option<u64>, problem: String) -> Error {
    let hint = "write it as `superlinear bench` does into `profiling/raw/`";
    Act::ParseFile { path: path.into(), line, column: None, problem, hint: hint.into() }.into()
}
