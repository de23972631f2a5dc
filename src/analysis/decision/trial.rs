//! What a decision is made from, checked: times that cannot be, and samples that cannot be
//! compared, are refused instead of judged.

use crate::analysis::equality::CaseFinding;
use crate::error::Error;
use crate::error::Result;
use crate::plan::suite::Scale;
use crate::plan::thresholds::Thresholds;

/// One benchmark, measured.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trial {
    pub suite: String,
    pub workflow: Option<String>,
    pub baseline: Sample,
    /// `None` when only one version was measured.
    pub optimized: Option<Sample>,
    /// Whether values at one place were measured in one round, side by side.
    pub pairs: bool,
    pub thresholds: Thresholds,
    pub scale: Scale,
    /// Of the order of execution; `None` when it is not known.
    pub seed: Option<u64>,
    pub equality: Vec<CaseFinding>,
    /// What the source was when it was measured.
    pub commit: Option<String>,
    /// What a reader must know beside the figures.
    pub notes: Vec<String>,
}

/// The measured values of one version, in the order measured.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sample {
    /// What was executed, for people.
    pub command: String,
    pub wall_seconds: Vec<f64>,
    /// Empty when it was not measured.
    pub peak_memory_bytes: Vec<u64>,
}

impl Trial {
    /// Refuses what no figure can be made from.
    ///
    /// # Errors
    /// Times that are negative, missing or not numbers, a single time, samples of different size,
    /// or none that vary.
    pub fn check(&self) -> Result<()> {
        check_times("baseline", &self.baseline.wall_seconds)?;
        let Some(optimized) = &self.optimized else { return Ok(()) };
        check_times("optimised version", &optimized.wall_seconds)?;
        let (before, after) = (&self.baseline.wall_seconds, &optimized.wall_seconds);
        if before.len() != after.len() {
            return Err(Error::analyse(
                format!(
                    "the baseline has {} times and the optimised version {}, \
                     so they cannot be compared",
                    before.len(),
                    after.len()
                ),
                "measure both equally often",
            ));
        }
        let varies = |times: &[f64]| times.windows(2).any(|pair| pair[0] != pair[1]);
        if !varies(before) && !varies(after) {
            return Err(Error::analyse(
                "the times of both versions have no variance at all, so no test can be made",
                "measure with a finer clock; real times vary",
            ));
        }
        Ok(())
    }
}

fn check_times(version: &str, seconds: &[f64]) -> Result<()> {
    let odd = seconds.iter().position(|seconds| !(seconds.is_finite() && *seconds > 0.0));
    if let Some(place) = odd {
        let message = match seconds[place] {
            value if value.is_nan() => format!("time {} of the {version} is missing", place + 1),
            value => format!("time {} of the {version} is {value} s, not above 0", place + 1),
        };
        return Err(Error::analyse(message, "measure it again, or remove that round"));
    }
    if seconds.len() < 2 {
        let count = match seconds.len() {
            0 => "no time",
            _ => "a single time, which has no spread",
        };
        let hint = "measure at least twice, better ten times or more";
        return Err(Error::analyse(format!("the {version} has {count}"), hint));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(before: &[f64], after: &[f64], refusal: &str) {
        let sample = |seconds: &[f64]| Sample { wall_seconds: seconds.into(), ..Sample::default() };
        let optimized = Some(sample(after));
        let trial = Trial { baseline: sample(before), optimized, ..Trial::default() };
        let found = trial.check().err().map(|error| error.to_string()).unwrap_or_default();
        assert_eq!(found, refusal);
    }

    #[test]
    fn refuses_what_cannot_be_judged() {
        check(&[1.0, 2.0], &[1.0, 2.0], "");
        check(&[1.0, 1.0], &[1.0, 2.0], "");
        check(&[1.0, -2.0], &[1.0, 2.0], "time 2 of the baseline is -2 s, not above 0");
        check(&[1.0, 2.0], &[0.0, 2.0], "time 1 of the optimised version is 0 s, not above 0");
        check(&[f64::NAN, 2.0], &[1.0, 2.0], "time 1 of the baseline is missing");
        check(&[1.0], &[1.0], "the baseline has a single time, which has no spread");
        check(&[], &[1.0, 2.0], "the baseline has no time");
        let unequal =
            "the baseline has 3 times and the optimised version 2, so they cannot be compared";
        check(&[1.0, 2.0, 3.0], &[1.0, 2.0], unequal);
        let still = "the times of both versions have no variance at all, so no test can be made";
        check(&[1.0, 1.0], &[0.5, 0.5], still);
    }
}
