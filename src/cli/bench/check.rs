//! The outputs that both versions of a suite left, read and compared.

use std::path::Path;

use crate::analysis::equality;
use crate::analysis::equality::CaseFinding;
use crate::analysis::equality::Output;
use crate::error::Result;
use crate::plan::Outcome;
use crate::plan::Plan;
use crate::plan::RunId;
use crate::plan::suite;
use crate::plan::suite::Case;
use crate::plan::suite::OutputRule;
use crate::plan::suite::Suite;
use crate::store::Layout;
use crate::system::file;

/// The largest output that is compared, in bytes.
const LIMIT: u64 = 256 << 20;

/// Compares case by case; the inner error says why an output could not be had, so that nothing can
/// be compared or timed.
///
/// # Errors
/// When an output cannot be read.
pub fn compared(
    plan: &Plan,
    layout: &Layout,
    name: &str,
    suite: &Suite,
) -> Result<std::result::Result<Vec<CaseFinding>, String>> {
    let rules: Vec<OutputRule> = suite.files.values().copied().collect();
    let mut findings = Vec::new();
    for (index, case) in suite.cases.iter().enumerate() {
        let mut outputs = Vec::new();
        for (version, _) in suite.versions() {
            let id = suite::check_id(name, index + 1, version);
            match output(plan, layout, &id, suite)? {
                Ok(output) => outputs.push(output),
                Err(why) => {
                    let version = in_words(version);
                    return Ok(Err(format!(
                        "on `{}` the {version} gave no output: {why}",
                        case.name
                    )));
                }
            }
        }
        if let [before, after] = outputs.as_slice() {
            let finding = equality::compare(&case.name, before, after, suite.stdout, &rules);
            if finding.equal && is_timed(case) && before.exit != Outcome::ExitCode(0).describe() {
                let why =
                    format!("both versions end with {}, so there is nothing to time", before.exit);
                return Ok(Err(why));
            }
            findings.push(finding);
        }
    }
    Ok(Ok(findings))
}

/// A version as people call it.
pub fn in_words(version: &str) -> &str {
    match version {
        "optimized" => "optimised version",
        other => other,
    }
}

fn is_timed(case: &Case) -> bool {
    case.args.is_empty()
}

fn output(
    plan: &Plan,
    layout: &Layout,
    id: &str,
    suite: &Suite,
) -> Result<std::result::Result<Output, String>> {
    let Some(run) = plan.runs.get(id) else { return Ok(Err("it was not executed".into())) };
    let Some(attempt) = run.attempts.iter().rev().find(|attempt| attempt.ended.is_some()) else {
        return Ok(Err("it was not executed".into()));
    };
    let code = match &attempt.outcome {
        Some(Outcome::Ok) => 0,
        Some(Outcome::ExitCode(code)) => *code,
        Some(other) if attempt.message.is_empty() => return Ok(Err(other.describe())),
        _ => return Ok(Err(attempt.message.clone())),
    };
    let folder = layout.attempt_folder(&run.id, attempt.number);
    let mut files = Vec::with_capacity(suite.files.len());
    for (index, file) in suite.files.keys().enumerate() {
        files.push((file.clone(), kept(layout, &run.id, attempt.number, index)?));
    }
    let stdout = read(&folder.join("stdout.log"))?.unwrap_or_default();
    Ok(Ok(Output { exit: Outcome::ExitCode(code).describe(), stdout, files }))
}

fn kept(layout: &Layout, run: &RunId, attempt: u32, index: usize) -> Result<Option<Vec<u8>>> {
    read(&layout.kept_file(run, attempt, index))
}

fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    match file::stamp(path) {
        Some(_) => file::read(path, LIMIT).map(Some),
        None => Ok(None),
    }
}
