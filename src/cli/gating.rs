//! The gate for continuous integration: what it is asked, and how its answer is told.

use clap::ArgGroup;
use clap::Args;

use crate::analysis;
use crate::analysis::Gate;
use crate::analysis::Limit;
use crate::analysis::Measurements;
use crate::analysis::Phase1;
use crate::cli::terminal;
use crate::error::Error;
use crate::error::Result;
use crate::report::name;
use crate::stats::Bands;

/// The options that set a limit.
pub const LIMITS: &str = "limits";
/// The exit code when the gate is exceeded.
const EXCEEDED: u8 = 4;
/// Findings that are named.
const MOST_NAMED: usize = 20;
/// Columns of the line of one.
const LONGEST_LINE: usize = 200;

/// What growth is too much.
#[derive(Debug, Clone, Default, Args)]
#[command(group = ArgGroup::new(LIMITS).multiple(true))]
pub struct Gating {
    /// End with exit code 4 when something grows like this: `superlinear`, `quadratic`, or an
    /// exponent
    #[arg(long, value_name = "LIMIT", group = LIMITS, help_heading = "Gate")]
    pub fail_on: Option<String>,

    /// Count findings that are not certain, too
    #[arg(long, requires = LIMITS, help_heading = "Gate")]
    pub strict: bool,
}

impl Gating {
    /// The limit, when there is one.
    ///
    /// # Errors
    /// When it is no limit.
    pub fn limit(&self) -> Result<Option<Limit>> {
        self.fail_on.as_deref().map(Limit::parse).transpose()
    }

    /// Holds a scaling series against the limit.
    ///
    /// # Errors
    /// When the limit is none.
    pub fn scaling(&self, found: &Phase1, bands: &Bands) -> Result<Option<Gate>> {
        let limit = self.limit()?;
        Ok(limit.map(|limit| analysis::gate(found, limit, self.strict, bands)))
    }

    /// Holds measurements against the limit.
    ///
    /// # Errors
    /// When the limit is none.
    pub fn measurements(&self, found: &Measurements, bands: &Bands) -> Result<Option<Gate>> {
        let limit = self.limit()?;
        Ok(limit.map(|limit| analysis::gate_measurements(found, limit, self.strict, bands)))
    }

    /// Refuses a gate for what has no verdicts.
    ///
    /// # Errors
    /// When there is a limit.
    pub fn refuse(&self, what: &str) -> Result<()> {
        match &self.fail_on {
            None => Ok(()),
            Some(limit) => Err(Error::usage(
                format!("`--fail-on {limit}` has nothing to judge: {what} has no verdicts"),
                "use it with `--phase 1`, `--profiles` or `--measurements`",
            )),
        }
    }

    /// Tells the answer on standard error; the exit code that it means.
    pub fn tell(&self, gate: &Gate) -> u8 {
        let limit = self.fail_on.as_deref().unwrap_or_default();
        let uncertain = match gate.uncertain {
            0 => String::new(),
            count => format!("; with `--strict` {count} more would fail"),
        };
        if gate.exceeded.is_empty() {
            terminal::say(format!("gate `{limit}` passed{uncertain}"));
            return 0;
        }
        terminal::say(format!(
            "gate `{limit}` exceeded by {}; expected false flags among them: {}{uncertain}",
            gate.exceeded.len(),
            flags(gate.expected_false_flags)
        ));
        let lines = gate.lines();
        for line in lines.iter().take(MOST_NAMED) {
            terminal::say(format!("  {}", name::shorten(line, LONGEST_LINE)));
        }
        if lines.len() > MOST_NAMED {
            terminal::say(format!("  and {} more", lines.len() - MOST_NAMED));
        }
        EXCEEDED
    }
}

/// `0.012`, `less than 0.001`.
fn flags(expected: f64) -> String {
    if expected < 0.001 { "less than 0.001".into() } else { format!("{expected:.3}") }
}
