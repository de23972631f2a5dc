//! A benchmark of commands given by hand: a small plan of its own, so that it is executed, recorded
//! and gone on with like any other.

use std::path::Path;
use std::path::PathBuf;

use serde_json::Value;
use serde_json::json;
use sha2::Digest as _;
use sha2::Sha256;

use crate::cli::bench::options::How;
use crate::cli::bench::options::Outputs;
use crate::cli::bench::suite;
use crate::cli::bench::suite::Judged;
use crate::cli::names;
use crate::cli::shared::DEFAULT_PLAN;
use crate::cli::shared::Shared;
use crate::cli::terminal;
use crate::cli::words;
use crate::error::Act;
use crate::error::Error;
use crate::error::Result;
use crate::plan::suite::FORMATS;
use crate::plan::suite::OutputFormat;
use crate::plan::thresholds::Thresholds;
use crate::store::PlanStore;
use crate::system::clock;
use crate::system::env;
use crate::system::file;

/// The suite's name in its plan.
const SUITE: &str = "bench";

/// What was asked for.
#[derive(Debug)]
pub struct Asked<'a> {
    pub baseline: Vec<String>,
    pub optimized: Option<Vec<String>>,
    pub how: &'a How,
    pub outputs: &'a Outputs,
}

/// Measures and judges.
///
/// # Errors
/// When a program is not there, or nothing can be measured.
pub fn run(shared: &Shared, asked: &Asked<'_>, thresholds: &Thresholds) -> Result<Judged> {
    if asked.how.runs.is_some_and(|runs| runs < 2) {
        let message = "`--runs` is below 2, and a single time has no spread";
        return Err(Error::usage(message, "give at least 2, better 10 or more"));
    }
    let here = std::path::absolute(".").map_err(|source| Error::read(Path::new("."), source))?;
    check_program(&here, "--baseline", &asked.baseline)?;
    if let Some(optimized) = &asked.optimized {
        check_program(&here, "--optimized", optimized)?;
    }
    let folder = here.join("profiling").join("benchmarks");
    let key = key(asked, &here);
    let name = match asked.how.resume {
        true => interrupted(&folder, &key)?,
        false => format!("{}-{key}", clock::now().format("%Y%m%d-%H%M%S-%3f")),
    };
    let place = folder.join(&name);
    if !asked.how.resume {
        let plan = plan(asked, thresholds, &here)?;
        file::create_folder(&place)?;
        let text = format!("{plan:#}\n");
        file::replace_output(&place.join(DEFAULT_PLAN), text.as_bytes(), "plan")?;
    }
    let mut store = PlanStore::new(&place.join(DEFAULT_PLAN), names::known());
    let raw = here.join("profiling").join("raw").join(format!("bench-{name}"));
    let judged = suite::run(&mut store, shared, SUITE, &raw);
    if let Ok(Judged::Stopped(_)) = &judged {
        terminal::say("go on with the same command and `--resume`");
    }
    judged
}

/// Tells measurements of different commands apart.
fn key(asked: &Asked<'_>, here: &Path) -> String {
    let what = json!([here, asked.baseline, asked.optimized]);
    let digest = Sha256::digest(what.to_string().as_bytes());
    digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

/// The name of the newest measurement of these commands.
fn interrupted(folder: &Path, key: &str) -> Result<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let newest = names.filter(|name| name.ends_with(&format!("-{key}"))).max();
    newest.ok_or_else(|| {
        let message = "there is no interrupted measurement of these commands here";
        Error::usage(message, "start one without `--resume`")
    })
}

fn check_program(here: &Path, option: &str, command: &[String]) -> Result<()> {
    let program = command.first().map(String::as_str).unwrap_or_default();
    if env::has_program(program, None, here) {
        return Ok(());
    }
    let assigns = program.contains('=');
    let hint = match assigns {
        true => "commands are run without a shell: write `env NAME=VALUE program …`",
        false => "install it, or give its full path",
    };
    let lack = match program.contains('/') {
        true => "there is no such program",
        false => "no such program is on the path",
    };
    let option = if command.len() > 1 && option.is_empty() { "--" } else { option };
    Err(Act::StartProgram {
        program: program.to_string(),
        problem: format!("{lack} (given by `{option}`)"),
        hint: hint.into(),
    }
    .into())
}

fn plan(asked: &Asked<'_>, thresholds: &Thresholds, here: &Path) -> Result<Value> {
    let workload = |command: &[String]| {
        let mut workload = json!({ "command": command, "literal": true, "cwd": here });
        if let Some(timeout) = &asked.how.timeout {
            workload["timeout"] = json!(timeout);
        }
        workload
    };
    let mut workloads = json!({ "baseline": workload(&asked.baseline) });
    let mut suite = json!({
        "baseline": "baseline",
        "runs": asked.how.runs.unwrap_or(thresholds.runs),
        "warmups": asked.how.warmups,
        "seed": asked.how.seed.unwrap_or_else(fresh_seed),
        "thresholds": {
            "preset": thresholds.preset,
            "min_improvement_percent": thresholds.min_improvement_percent.to_string(),
            "confidence_percent": thresholds.confidence_percent.to_string(),
            "max_memory_growth_percent": thresholds.max_memory_growth_percent.to_string(),
        },
    });
    if let Some(optimized) = &asked.optimized {
        workloads["optimized"] = workload(optimized);
        suite["optimized"] = json!("optimized");
        suite["stdout"] = rule(asked.outputs, asked.outputs.stdout);
        let files = asked.outputs.file.iter();
        let files = files.map(|path| (path.clone(), rule(asked.outputs, by_ending(path))));
        suite["files"] = files.collect::<serde_json::Map<_, _>>().into();
        suite["cases"] = cases(&asked.outputs.case)?;
    }
    for (key, value) in json!(asked.how.scale()).as_object().into_iter().flatten() {
        suite[key.as_str()] = value.clone();
    }
    let suites = json!({ SUITE: suite });
    Ok(json!({
        "version": 1,
        "workloads": workloads,
        "settings": { "grace": "2s" },
        "suites": suites,
        "runs": [],
    }))
}

/// The bare commands first, then each list of arguments.
fn cases(texts: &[String]) -> Result<Value> {
    let mut cases = vec![json!({})];
    for text in texts {
        cases.push(json!({ "name": text, "args": words::split("--case", text)? }));
    }
    Ok(cases.into())
}

fn rule(outputs: &Outputs, format: OutputFormat) -> Value {
    let (tolerance, any_order) = (outputs.tolerance, outputs.any_order);
    json!({ "format": format, "tolerance": tolerance, "any_order": any_order })
}

fn by_ending(path: &str) -> OutputFormat {
    let ending =
        PathBuf::from(path).extension().map(|ending| ending.to_string_lossy().into_owned());
    let ending = ending.unwrap_or_default();
    let known = FORMATS.iter().find(|(name, _)| *name == ending && *name != "ignore");
    known.map_or(OutputFormat::Text, |(_, format)| *format)
}

/// From the time of day: it only has to differ, and is recorded.
fn fresh_seed() -> u64 {
    clock::now().timestamp_millis().unsigned_abs()
}
