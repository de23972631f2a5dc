//! Telling somebody who is not watching: a command that gets how the queue stands as JSON on its
//! standard input. That it fails is said, and harms nothing. The words on the fields are what
//! `schema/notification.schema.json` says of them.

use std::path::Path;
use std::time::Duration;

use chrono::DateTime;
use chrono::Utc;
use serde::Serialize;

use crate::analysis::document::Culprit;
use crate::analysis::document::Verdict;
use crate::cli::early::Found;
use crate::cli::status;
use crate::cli::words;
use crate::error::Error;
use crate::error::Result;
use crate::plan::Plan;
use crate::plan::Selection;
use crate::system::env;
use crate::system::helper;

/// How long the command may take.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Failures and findings that are listed; the counts hold all.
const MOST_LISTED: usize = 20;
/// Letters of what the command complained of.
const LONGEST_COMPLAINT: usize = 200;

/// The command, split into words.
#[derive(Debug)]
pub struct Notify {
    argv: Vec<String>,
}

/// Why there is something to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Occasion {
    /// A run failed, the first one; the queue goes on.
    Failed,
    /// The runner or the scan ended.
    Ended,
}

/// How the queue stands.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Summary<'a> {
    /// Of this document.
    pub version: u32,
    pub occasion: Occasion,
    /// In a sentence, for a person.
    pub message: String,
    /// Of the runner or the scan, when it ended by itself.
    pub exit_code: Option<u8>,
    /// Where the plan lies.
    pub plan: String,
    pub host: String,
    /// When the runner or the scan started, and when this was told.
    pub started: DateTime<Utc>,
    pub told: DateTime<Utc>,
    /// Of the runs that were asked for.
    pub counts: Counts,
    /// Runs in error, at most twenty.
    pub failures: Vec<Failure<'a>>,
    /// The culprits of the series that was measured last, at most twenty; `null` before three sizes
    /// are there.
    pub culprits: Option<Vec<Finding<'a>>>,
    /// The same in sentences.
    pub findings: &'a [String],
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Counts {
    pending: usize,
    running: usize,
    done: usize,
    error: usize,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Failure<'a> {
    run: &'a str,
    error: &'a str,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Finding<'a> {
    name: &'a str,
    file: &'a str,
    line: u32,
    verdict: Verdict,
    /// How steep it is in a word, such as `quadratic`.
    band: Option<&'a str>,
    exponent: Option<f64>,
    /// The ends of the 95 % interval of the exponent.
    low: Option<f64>,
    high: Option<f64>,
    p_superlinear: Option<f64>,
    /// Of the busy time at the largest size, in per cent.
    share_percent: Option<f64>,
}

impl Notify {
    /// # Errors
    /// When `text` is no command.
    pub fn new(text: &str) -> Result<Self> {
        Ok(Self { argv: words::split("--notify", text)? })
    }

    /// Runs the command with `summary` on its standard input.
    ///
    /// # Errors
    /// When it cannot be started, does not end in time, or ends with another code than 0.
    pub fn tell(&self, summary: &Summary<'_>) -> Result<()> {
        let text =
            serde_json::to_string_pretty(summary).map_err(|error| Error::bug(error.to_string()))?;
        let here = env::this_folder().map_err(|source| Error::read(Path::new("."), source))?;
        let output = helper::fed(&self.argv, (text + "\n").into_bytes(), &here, TIMEOUT)?;
        if output.code == Some(0) {
            return Ok(());
        }
        let how =
            output.code.map_or("ended by a signal".into(), |code| format!("exit code {code}"));
        let complaint = String::from_utf8_lossy(&output.stderr);
        let complaint: String = complaint
            .lines()
            .rev()
            .map(str::trim)
            .find(|line| !line.is_empty())
            .map(|line| format!(": {}", line.chars().take(LONGEST_COMPLAINT).collect::<String>()))
            .unwrap_or_default();
        let message = format!("`--notify {}` failed: {how}{complaint}", self.argv.join(" "));
        Err(Error::usage(message, "run it by hand with a JSON document on its standard input"))
    }
}

impl Counts {
    pub fn of(plan: &Plan, selection: &Selection) -> Self {
        let [pending, running, done, error] = status::counts(plan, selection);
        Self { pending, running, done, error }
    }

    /// In a sentence.
    pub fn words(&self) -> String {
        let Self { pending, running, done, error } = self;
        format!("{done} done, {error} in error, {running} running, {pending} pending")
    }
}

/// The runs of the selection that are in error.
pub fn failures<'a>(plan: &'a Plan, selection: &Selection) -> Vec<Failure<'a>> {
    plan.runs
        .values()
        .filter(|run| selection.covers(run))
        .filter_map(|run| Some(Failure { run: run.id.as_str(), error: status::failure(run)? }))
        .take(MOST_LISTED)
        .collect()
}

/// The culprits so far.
pub fn culprits(found: &Found) -> Vec<Finding<'_>> {
    found.culprits.iter().take(MOST_LISTED).map(finding).collect()
}

fn finding(culprit: &Culprit) -> Finding<'_> {
    let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
    let share = culprit.share_percent.and_then(|share| share.to_string().parse().ok());
    Finding {
        name: &culprit.name,
        file: &culprit.file,
        line: culprit.line,
        verdict: culprit.verdict,
        band: culprit.band.as_deref(),
        exponent: finite(culprit.exponent),
        low: finite(culprit.low),
        high: finite(culprit.high),
        p_superlinear: finite(culprit.p_superlinear),
        share_percent: share,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::schema;

    #[test]
    fn the_shipped_schema_is_that_of_the_types() {
        schema::check_shipped::<Summary<'_>>("notification", |schema| {
            schema["title"] = serde_json::json!("What the command of `--notify` is given");
        });
    }
}
