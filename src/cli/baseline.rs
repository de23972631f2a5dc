//! Baselines as files of a project: where they lie, what they may be called, and the gate on them.

use std::path::Path;
use std::path::PathBuf;

use clap::Args;

use crate::analysis::baseline;
use crate::analysis::baseline::Against;
use crate::analysis::baseline::Baseline;
use crate::cli::gating::LIMITS;
use crate::cli::judge::Judged;
use crate::cli::terminal;
use crate::error::Act;
use crate::error::Error;
use crate::error::Result;
use crate::plan::RunId;
use crate::report::Report;
use crate::report::Subject;
use crate::report::name;
use crate::system::file;

/// The exit code when something got worse.
const EXCEEDED: u8 = 4;
/// The largest baseline that is read, in bytes.
const LIMIT: u64 = 64 << 20;
/// Changes that are named.
const MOST_NAMED: usize = 20;
/// Columns of the line of one.
const LONGEST_LINE: usize = 240;

/// Which baseline is saved, or held against.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Baseline")]
pub struct Baselines {
    /// Keep how it grows now under this name, as a file to be committed
    #[arg(long, value_name = "NAME")]
    pub save_baseline: Option<String>,

    /// Show what changed since this baseline; exit code 4 when something grows faster or costs more
    #[arg(long, value_name = "NAME", conflicts_with = "save_baseline", group = LIMITS)]
    pub against: Option<String>,

    /// Where baselines lie
    #[arg(long, value_name = "DIR", default_value = "superlinear-baselines")]
    pub baseline_dir: PathBuf,
}

impl Baselines {
    /// Refuses names that are no file names, before anything is measured.
    ///
    /// # Errors
    /// When there is such a name, or no such baseline to compare with.
    pub fn check(&self) -> Result<()> {
        for name in [&self.save_baseline, &self.against].into_iter().flatten() {
            self.path(name)?;
        }
        self.against.as_deref().map_or(Ok(()), |name| self.read(name).map(drop))
    }

    /// Saves what was judged, or puts what changed in the place of the report; the exit code that
    /// it means. `strict`: what is only suspected counts.
    ///
    /// # Errors
    /// When there is nothing to keep or compare, or a file cannot be read or written.
    pub fn apply(&self, judged: &mut Judged, strict: bool) -> Result<u8> {
        let code = self.apply_beside(judged, strict)?;
        changes_alone(&mut judged.report);
        Ok(code)
    }

    /// The same with what changed beside the findings.
    ///
    /// # Errors
    /// As [`apply`](Self::apply).
    pub fn apply_beside(&self, judged: &mut Judged, strict: bool) -> Result<u8> {
        if self.save_baseline.is_none() && self.against.is_none() {
            return Ok(0);
        }
        let now = judged.baseline.take().ok_or_else(|| {
            Error::usage(
                "there is no growth to keep as a baseline or to compare with one",
                "use it with `--phase 1`, `--profiles` or `--measurements`, and `--workload NAME` \
                 where a phase has several",
            )
        })?;
        if let Some(name) = &self.save_baseline {
            self.save(name, &now)?;
        }
        let Some(name) = &self.against else { return Ok(0) };
        let found = baseline::against(name, &self.read(name)?, &now)?;
        let code = tell(&found, strict);
        judged.report.more.against = Some(Box::new(found));
        Ok(code)
    }

    fn save(&self, name: &str, now: &Baseline) -> Result<()> {
        let path = self.path(name)?;
        file::create_folder(&self.baseline_dir)?;
        file::replace_output(&path, now.to_json()?.as_bytes(), "baseline")?;
        let count = now.entries.len();
        terminal::say(format!("baseline `{name}` of {count} figures: {}", path.display()));
        Ok(())
    }

    fn read(&self, name: &str) -> Result<Baseline> {
        let path = self.path(name)?;
        if !path.exists() {
            let known = self.known();
            return Err(Error::unknown("baseline", name, known.iter().map(String::as_str)));
        }
        let bytes = file::read(&path, LIMIT)?;
        Baseline::from_json(&bytes).map_err(|why| damaged(&path, &why))
    }

    fn path(&self, name: &str) -> Result<PathBuf> {
        RunId::new(name).map_err(|why| {
            Error::usage(
                format!("the baseline's name {} {why}", name::shorten(name, 80)),
                "take letters, digits and dashes, such as `main`",
            )
        })?;
        Ok(self.baseline_dir.join(format!("{name}.json")))
    }

    /// The names of the baselines that there are.
    fn known(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(&self.baseline_dir) else { return Vec::new() };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut names: Vec<String> =
            names.filter_map(|name| Some(name.strip_suffix(".json")?.to_string())).collect();
        names.sort();
        names
    }
}

/// What changed since a baseline in the place of the findings, where there is one.
pub fn changes_alone(report: &mut Report) {
    if let Some(found) = report.more.against.take() {
        let more = std::mem::take(&mut report.more);
        *report = Report { more, ..Report::new(Subject::Against(found), Vec::new()) };
    }
}

fn damaged(path: &Path, why: &str) -> Error {
    Act::ParseFile {
        path: path.into(),
        line: None,
        column: None,
        problem: format!("this is no baseline: {why}"),
        hint: "save it anew with `--save-baseline`".into(),
    }
    .into()
}

/// Tells what the gate says on standard error; the exit code that it means.
fn tell(found: &Against, strict: bool) -> u8 {
    let name = &found.baseline;
    let suspected = match found.suspicions.len() {
        0 => String::new(),
        _ if strict => String::new(),
        count => format!("; with `--strict` {count} more would fail"),
    };
    if found.passes(strict) {
        terminal::say(format!("baseline `{name}`: nothing got worse{suspected}"));
        return 0;
    }
    let strictly = if strict { found.suspicions.as_slice() } else { &[] };
    let worse: Vec<&String> =
        found.failures.iter().chain(strictly).map(|change| &change.sentence).collect();
    terminal::say(format!("baseline `{name}`: {} got worse{suspected}", worse.len()));
    for sentence in worse.iter().take(MOST_NAMED) {
        terminal::say(format!("  {}", name::shorten(sentence, LONGEST_LINE)));
    }
    if worse.len() > MOST_NAMED {
        terminal::say(format!("  and {} more", worse.len() - MOST_NAMED));
    }
    EXCEEDED
}
