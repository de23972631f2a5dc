//! Phase 0: what filling the cache costs, and what that means for the runs that follow.

use rust_decimal::Decimal;
use serde::Deserialize;
use serde::Serialize;

use crate::analysis::digits;
use crate::analysis::identity::Table;
use crate::analysis::input::MeasuredRun;
use crate::analysis::middle;
use crate::analysis::runs;
use crate::analysis::share;
use crate::error::Error;
use crate::error::Result;
use crate::profile::FunctionKey;

/// Form of the document; a reader refuses a newer one.
pub const VERSION: u32 = 1;
/// Overhead in per cent above which the cache is filled before anything is measured.
const PRELOAD_ABOVE: Decimal = Decimal::from_parts(30, 0, 0, false, 0);
/// Overhead in per cent below which single runs suffice.
const SINGLE_BELOW: Decimal = Decimal::TEN;
/// How many functions are listed.
const MOST_FUNCTIONS: usize = 20;

/// The analysis of the cache probe as it lies on disk, in `phase0_analysis.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Phase0 {
    pub version: u32,
    pub cold: CacheRun,
    pub warm: CacheRun,
    /// Cold less warm; negative when the warm run was slower.
    #[serde(serialize_with = "digits::one")]
    pub difference_seconds: f64,
    /// `(cold − warm) / cold`.
    #[serde(with = "rust_decimal::serde::float")]
    #[cfg_attr(test, schemars(with = "f64"))]
    pub overhead_percent: Decimal,
    pub recommendation: Recommendation,
    /// The recommendation with its reason, in a sentence.
    pub advice: String,
    /// Functions that the cold run spent more on, the largest difference first.
    pub functions: Vec<CacheFunction>,
    pub warnings: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CacheRun {
    pub id: String,
    /// Median over the repetitions.
    #[serde(serialize_with = "digits::one")]
    pub wall_seconds: f64,
    #[serde(serialize_with = "digits::list")]
    pub repetitions_seconds: Vec<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Recommendation {
    /// Fill the cache before phase 1.
    Preload,
    /// Repeat runs and take the median.
    Repeat,
    /// One run per size is enough.
    Single,
}

/// What a function cost with an empty and with a filled cache, in seconds of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CacheFunction {
    pub name: String,
    pub file: String,
    pub line: u32,
    #[serde(serialize_with = "digits::option")]
    pub cold: Option<f64>,
    #[serde(serialize_with = "digits::option")]
    pub warm: Option<f64>,
}

/// Compares the run with an empty cache to the run with the cache that it filled, each with all its
/// repetitions.
///
/// Source: overhead = (cold − warm) / cold; above 30 % preload, below 10 % single runs suffice.
/// Example: 10 s cold and 6 s warm are an overhead of 40 %: preload.
///
/// # Errors
/// When there is no run of a kind, or it has no wall time.
pub fn phase0(cold: &[MeasuredRun], warm: &[MeasuredRun]) -> Result<Phase0> {
    let (cold_run, cold) = cache_run(cold, "cold")?;
    let (warm_run, warm) = cache_run(warm, "warm")?;
    let difference = cold_run.wall_seconds - warm_run.wall_seconds;
    let overhead = share::percent(difference, cold_run.wall_seconds).ok_or_else(|| {
        Error::analyse(
            format!(
                "cannot tell the cache's cost: the times of `{}` and `{}` are out of range",
                cold.id, warm.id
            ),
            "run phase 0 again with `runner --phase 0`",
        )
    })?;
    let recommendation = recommendation(overhead);
    Ok(Phase0 {
        version: VERSION,
        difference_seconds: difference,
        overhead_percent: overhead,
        recommendation,
        advice: advice(recommendation, overhead),
        functions: functions(cold, warm),
        warnings: warnings(cold, warm, overhead),
        cold: cold_run,
        warm: warm_run,
    })
}

/// The figures of a run, and the repetition whose functions are compared.
fn cache_run<'a>(
    repetitions: &'a [MeasuredRun],
    which: &str,
) -> Result<(CacheRun, &'a MeasuredRun)> {
    let run = runs::once_each(repetitions).first().copied().ok_or_else(|| {
        Error::analyse(
            format!("phase 0 has no finished {which} run, so the cache cannot be judged"),
            "execute it first: `runner --phase 0`",
        )
    })?;
    let seconds: Vec<f64> = repetitions.iter().filter_map(runs::known_wall).collect();
    let wall_seconds = middle::median(&seconds).ok_or_else(|| {
        Error::analyse(
            format!("cannot tell the cache's cost: the {which} run `{}` has no wall time", run.id),
            format!("run it with `runner --run {}`", run.id),
        )
    })?;
    let figures = CacheRun { id: run.id.clone(), wall_seconds, repetitions_seconds: seconds };
    Ok((figures, run))
}

fn recommendation(overhead: Decimal) -> Recommendation {
    if overhead > PRELOAD_ABOVE {
        Recommendation::Preload
    } else if overhead.abs() < SINGLE_BELOW {
        Recommendation::Single
    } else {
        Recommendation::Repeat
    }
}

fn advice(recommendation: Recommendation, overhead: Decimal) -> String {
    let shown = overhead.round_dp(1).normalize();
    match recommendation {
        Recommendation::Preload => format!(
            "preload the cache before phase 1: filling it takes {shown} % of a cold run, more \
             than {PRELOAD_ABOVE} %"
        ),
        Recommendation::Single => format!(
            "single runs suffice: the cache changes a run by {shown} %, less than {SINGLE_BELOW} %"
        ),
        Recommendation::Repeat => format!(
            "repeat runs and take the median: the cache changes a run by {shown} %, which is not \
             below {SINGLE_BELOW} %"
        ),
    }
}

fn warnings(cold: &MeasuredRun, warm: &MeasuredRun, overhead: Decimal) -> Vec<String> {
    let mut warnings = Vec::new();
    if overhead < Decimal::ZERO {
        warnings.push(format!(
            "the warm run was slower than the cold one by {} %: the cache does not help, or the \
             machine was busy; run phase 0 again to tell",
            overhead.abs()
        ));
    }
    if cold.size != warm.size {
        warnings.push(format!(
            "`{}` and `{}` have different sizes, so their difference is not the cache's alone",
            cold.id, warm.id
        ));
    }
    warnings
}

/// Self times side by side; empty unless both runs have a profile in seconds.
fn functions(cold: &MeasuredRun, warm: &MeasuredRun) -> Vec<CacheFunction> {
    let (Some(before), Some(after)) = (&cold.profile, &warm.profile) else {
        return Vec::new();
    };
    if !before.unit.is_time() || before.unit != after.unit {
        return Vec::new();
    }
    let table = Table::new(&[Some(before), Some(after)]);
    let mut functions: Vec<(f64, CacheFunction)> = table
        .functions
        .into_iter()
        .map(|function| {
            let tsub = function.tsub();
            let (cold, warm) = (tsub[0], tsub[1]);
            let saved = cold.unwrap_or_default() - warm.unwrap_or_default();
            let FunctionKey { name, file, line } = function.key;
            (saved, CacheFunction { name, file, line, cold, warm })
        })
        .filter(|(saved, _)| *saved > 0.0)
        .collect();
    functions.sort_by(|left, right| right.0.total_cmp(&left.0));
    functions.truncate(MOST_FUNCTIONS);
    functions.into_iter().map(|(_, function)| function).collect()
}

#[cfg(test)]
mod tests {
    use crate::profile::Cost;
    use crate::profile::Function;
    use crate::profile::Profile;

    use super::*;

    fn run(id: &str, wall_seconds: &[f64]) -> Vec<MeasuredRun> {
        let repetition = |seconds: &f64| MeasuredRun {
            id: id.into(),
            size: 30.0,
            wall_seconds: Some(*seconds),
            ..MeasuredRun::default()
        };
        wall_seconds.iter().map(repetition).collect()
    }

    fn check(cold: f64, warm: f64, overhead: &str, expected: Recommendation, warnings: usize) {
        let found = phase0(&run("cold", &[cold]), &run("warm", &[warm])).unwrap();
        assert_eq!(found.overhead_percent.to_string(), overhead);
        assert_eq!(found.recommendation, expected);
        assert_eq!(found.warnings.len(), warnings);
    }

    #[test]
    fn the_overhead_decides_what_to_do() {
        check(10.0, 6.0, "40", Recommendation::Preload, 0);
        check(10.0, 6.99, "30.1", Recommendation::Preload, 0);
        check(10.0, 7.0, "30", Recommendation::Repeat, 0);
        check(10.0, 9.0, "10", Recommendation::Repeat, 0);
        check(10.0, 9.01, "9.9", Recommendation::Single, 0);
        check(3.0, 2.0, "33.333", Recommendation::Preload, 0);
        check(10.0, 10.0, "0", Recommendation::Single, 0);
    }

    #[test]
    fn a_warm_run_that_was_slower_is_said() {
        check(10.0, 10.5, "-5", Recommendation::Single, 1);
        check(10.0, 15.0, "-50", Recommendation::Repeat, 1);
    }

    #[test]
    fn the_median_of_repetitions_counts() {
        let found =
            phase0(&run("c", &[9.0, f64::NAN, 11.0, 10.0]), &run("w", &[5.0, 7.0])).unwrap();
        assert_eq!(found.overhead_percent, Decimal::from(40));
    }

    #[test]
    fn a_run_without_time_is_an_error() {
        for seconds in [0.0, f64::NAN, -1.0].map(|seconds| [seconds]) {
            let error = phase0(&run("c", &[1.0]), &run("w", &seconds)).unwrap_err();
            assert_eq!(
                error.to_string(),
                "cannot tell the cache's cost: the warm run `w` has no wall time"
            );
            assert_eq!(error.hint().as_deref(), Some("run it with `runner --run w`"));
        }
    }

    #[test]
    fn says_which_functions_filled_the_cache() {
        let with = |mut runs: Vec<MeasuredRun>, rows: &[(&str, f64)]| {
            let function = |&(name, tsub): &(&str, f64)| Function {
                key: FunctionKey { name: name.into(), ..FunctionKey::default() },
                cost: Cost { ncall: 1, nactual: 1, tsub, ttot: tsub },
            };
            runs[0].profile = Some(Profile {
                functions: rows.iter().map(function).collect(),
                ..Profile::default()
            });
            runs
        };
        let found = phase0(
            &with(run("c", &[9.0]), &[("read", 1.0), ("fetch", 5.0), ("work", 2.0)]),
            &with(run("w", &[3.0]), &[("read", 0.5), ("work", 2.0)]),
        )
        .unwrap();
        let names: Vec<&str> = found.functions.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(names, ["fetch", "read"]);
        assert_eq!(found.functions[0].warm, None);
    }

    #[test]
    fn comes_back_as_it_was_written() {
        let found = phase0(&run("c", &[10.0]), &run("w", &[6.5])).unwrap();
        let text = serde_json::to_string(&found).unwrap();
        assert!(text.contains("\"overhead_percent\":35.0,"), "{text}");
        assert_eq!(serde_json::from_str::<Phase0>(&text).unwrap(), found);
    }
}
