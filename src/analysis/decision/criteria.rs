//! The four things that must all hold, each with its figure and in words.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive as _;
use serde::Serialize;

use crate::analysis::decision::trial::Trial;
use crate::analysis::digits;
use crate::plan::thresholds::Thresholds;
use crate::stats::bench;
use crate::stats::bench::Test;

/// Decimal places to which a percentage is computed before it meets its limit.
const PLACES: u32 = 6;
/// Probability of so high a memory by chance from which growth beyond the limit is no more than
/// scatter. The same for all presets: more confidence asked of times must not let more memory pass.
const SCATTERS: f64 = 0.01;
/// Fewest values a side for which [`bench::ranks_higher`] can fall below that: five and five give
/// 0.006, four and four 0.015.
const LEAST_FOR_SCATTER: usize = 5;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Criteria {
    pub improvement: Criterion,
    pub significance: Criterion,
    pub memory: Criterion,
    pub sample_size: Criterion,
}

const PAIRED: &str = "the paired t-test";
const WELCH: &str = "Welch's t-test";

/// The test of significance that was made.
#[derive(Debug, Clone, Copy)]
struct Made {
    name: &'static str,
    /// `None` when not even it is defined.
    test: Option<Test>,
}

/// One condition of acceptance.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Criterion {
    pub passed: bool,
    /// `None` when it is not known, which never passes.
    #[serde(serialize_with = "digits::option")]
    pub value: Option<f64>,
    #[serde(with = "rust_decimal::serde::float")]
    pub threshold: Decimal,
    /// Of value and threshold: `percent`, `p`, `runs`.
    pub unit: &'static str,
    pub words: String,
}

impl Criteria {
    /// Judges a trial that was checked by its times, one per round.
    pub fn of(trial: &Trial, baseline: &[f64], optimized: &[f64]) -> Self {
        let limits = &trial.thresholds;
        let count = baseline.len();
        let improvement = improvement(baseline, optimized);
        // Where all pairs differ by the same the paired test is undefined, and the other one is
        // not.
        let paired = bench::paired(baseline, optimized).filter(|_| trial.pairs);
        let test = match paired {
            Some(_) => Made { name: PAIRED, test: paired },
            None => Made { name: WELCH, test: bench::welch(baseline, optimized) },
        };
        Self {
            improvement: Criterion::improvement(improvement, limits),
            significance: Criterion::significance(test, limits),
            memory: Criterion::memory(memory_growth(trial), memory_scatter(trial), limits),
            sample_size: Criterion::sample_size(count, limits),
        }
    }

    /// All of them, in the order in which they are told.
    pub fn all(&self) -> [(&'static str, &Criterion); 4] {
        [
            ("improvement", &self.improvement),
            ("significance", &self.significance),
            ("memory", &self.memory),
            ("sample size", &self.sample_size),
        ]
    }

    pub fn hold(&self) -> bool {
        self.all().iter().all(|(_, criterion)| criterion.passed)
    }
}

impl Criterion {
    fn improvement(value: Option<Decimal>, limits: &Thresholds) -> Self {
        let least = limits.min_improvement_percent;
        let passed = value.is_some_and(|value| value >= least);
        let words = match value {
            None => "the improvement is not known".into(),
            Some(value) if value.is_sign_negative() && !value.is_zero() => {
                format!(
                    "it is {} slower, and {least} % of improvement are asked for",
                    percent(-value)
                )
            }
            Some(value) if passed => {
                format!("the improvement of {} reaches the {least} % asked for", percent(value))
            }
            Some(value) => format!(
                "the improvement of {} falls short of the {least} % asked for by {} points",
                percent(value),
                (least - value).round_dp(2).normalize()
            ),
        };
        Self { passed, value: value.and_then(float), threshold: least, unit: "percent", words }
    }

    fn significance(made: Made, limits: &Thresholds) -> Self {
        let (alpha, confidence) = (limits.alpha(), limits.confidence_percent);
        let Made { name, test } = made;
        let p = test.map(|test| test.p);
        let exact = p.and_then(Decimal::from_f64);
        let passed = exact.is_some_and(|p| p <= alpha);
        let words = match p {
            None => format!("{name} cannot be made"),
            Some(p) if passed => format!(
                "{name} gives p {}, within the {alpha} that {confidence} % confidence allows",
                small(p)
            ),
            Some(p) => format!(
                "{name} gives p {}, above the {alpha} that {confidence} % confidence allows",
                small(p)
            ),
        };
        Self { passed, value: p, threshold: alpha.normalize(), unit: "p", words }
    }

    /// `scatter`: probability of peaks that rank so high when nothing grew; `None` when it cannot
    /// be told, so that the limit decides alone.
    fn memory(growth: Option<Decimal>, scatter: Option<f64>, limits: &Thresholds) -> Self {
        let most = limits.max_memory_growth_percent;
        let is_within = growth.is_some_and(|growth| growth <= most);
        let by_chance = scatter.filter(|p| growth.is_some() && !is_within && *p > SCATTERS);
        let words = match (growth, by_chance, scatter) {
            (None, _, _) => "the peak memory is not known".into(),
            (Some(growth), _, _) if growth.is_zero() => {
                format!("the peak memory did not change, and may grow by {most} %")
            }
            (Some(growth), _, _) if growth.is_sign_negative() => {
                format!("the peak memory shrank by {}, and may grow by {most} %", percent(-growth))
            }
            (Some(growth), _, _) if is_within => {
                format!("the peak memory grew by {}, within the {most} % allowed", percent(growth))
            }
            (Some(growth), Some(p), _) => format!(
                "the peak memory grew by {}, more than the {most} % allowed but no more than it \
                 scatters from run to run (rank test, p {})",
                percent(growth),
                small(p)
            ),
            (Some(growth), None, p) => format!(
                "the peak memory grew by {}, {} points more than the {most} % allowed{}",
                percent(growth),
                (growth - most).round_dp(2).normalize(),
                p.map(|p| format!(
                    " and more than it scatters from run to run (rank test, p {})",
                    small(p)
                ))
                .unwrap_or_default()
            ),
        };
        let passed = is_within || by_chance.is_some();
        Self { passed, value: growth.and_then(float), threshold: most, unit: "percent", words }
    }

    fn sample_size(count: usize, limits: &Thresholds) -> Self {
        let least = limits.runs as usize;
        let passed = count >= least;
        let words = match passed {
            true => format!("{count} runs of each version are the {least} asked for or more"),
            false => format!("{count} runs of each version are {} too few", least - count),
        };
        Self { passed, value: Some(count as f64), threshold: least.into(), unit: "runs", words }
    }
}

/// By how much less time the optimised version takes on the mean, in per cent of the baseline.
///
/// Source: (mean₁ − mean₂) / mean₁.
/// Example: means of 2 s and 1.5 s: 25 %.
pub fn improvement(baseline: &[f64], optimized: &[f64]) -> Option<Decimal> {
    let mean = |values: &[f64]| bench::summary(values, 0.95).map(|summary| summary.mean);
    let (before, after) = (mean(baseline)?, mean(optimized)?);
    decimal((before - after) / before * 100.0)
}

/// Growth of the median peak memory, in per cent.
fn memory_growth(trial: &Trial) -> Option<Decimal> {
    let (before, after) = peaks(trial)?;
    let before = bench::median(&before).filter(|bytes| *bytes > 0.0)?;
    let after = bench::median(&after).filter(|bytes| *bytes > 0.0)?;
    decimal((after - before) / before * 100.0)
}

/// Probability of peaks that rank so high when the memory did not grow; `None` of samples too small
/// to tell at this level.
fn memory_scatter(trial: &Trial) -> Option<f64> {
    let (before, after) = peaks(trial)?;
    let is_enough = before.len().min(after.len()) >= LEAST_FOR_SCATTER;
    is_enough.then(|| bench::ranks_higher(&before, &after)).flatten()
}

/// Peak memory of both versions in bytes, one per run.
fn peaks(trial: &Trial) -> Option<(Vec<f64>, Vec<f64>)> {
    let bytes = |peaks: &[u64]| peaks.iter().map(|bytes| *bytes as f64).collect();
    let optimized = trial.optimized.as_ref()?;
    Some((bytes(&trial.baseline.peak_memory_bytes), bytes(&optimized.peak_memory_bytes)))
}

fn decimal(percent: f64) -> Option<Decimal> {
    Some(Decimal::from_f64_retain(percent)?.round_dp(PLACES))
}

fn float(value: Decimal) -> Option<f64> {
    value.to_string().parse().ok()
}

fn percent(value: Decimal) -> String {
    format!("{} %", value.round_dp(2).normalize())
}

fn small(p: f64) -> String {
    match p {
        p if p < 1e-12 => "< 1e-12".into(),
        p if p < 0.001 => format!("= {p:.1e}"),
        p => format!("= {p:.4}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::decision::trial::Sample;

    fn memory(before: &[u64], after: &[u64]) -> bool {
        let sample =
            |peaks: &[u64]| Sample { peak_memory_bytes: peaks.into(), ..Sample::default() };
        let trial =
            Trial { baseline: sample(before), optimized: Some(sample(after)), ..Trial::default() };
        let scatter = memory_scatter(&trial);
        Criterion::memory(memory_growth(&trial), scatter, &Thresholds::default()).passed
    }

    #[test]
    fn memory_must_grow_beyond_its_limit_and_its_scatter() {
        let before = [100, 96, 104, 99, 101, 97, 103, 98, 102, 100];
        let by = |percent: u64| before.map(|bytes| bytes * (100 + percent) / 100);
        assert!(memory(&before, &before) && memory(&before, &by(3)) && !memory(&before, &by(5)));
        // Without scatter a little more than the limit is enough.
        assert!(!memory(&[1_000; 10], &[1_021; 10]) && memory(&[1_000; 10], &[1_020; 10]));
        // Three runs cannot show scatter.
        assert!(!memory(&[100, 90, 110], &[103, 90, 110]));
        assert!(!memory(&[], &[1]));
    }

    #[test]
    fn improvement_by_hand() {
        assert_eq!(improvement(&[1.0, 3.0], &[1.0, 2.0]), Some(Decimal::from(25)));
        assert_eq!(improvement(&[1.0, 1.0], &[2.0, 2.0]), Some(Decimal::from(-100)));
        assert_eq!(improvement(&[], &[1.0]), None);
    }

    #[test]
    fn what_meets_its_limit_exactly_holds() {
        let limits = Thresholds::default();
        let check = |criterion: Criterion, passed: bool, words: &str| {
            assert_eq!((criterion.passed, criterion.words.as_str()), (passed, words));
        };
        let exactly = Criterion::improvement(Some(Decimal::from(5)), &limits);
        check(exactly, true, "the improvement of 5 % reaches the 5 % asked for");
        let short = Criterion::improvement(Some(Decimal::new(4_999_999, 6)), &limits);
        assert!(!short.passed);
        let slower = Criterion::improvement(Some(Decimal::from(-3)), &limits);
        check(slower, false, "it is 3 % slower, and 5 % of improvement are asked for");
        let test = |p: f64| Made { name: PAIRED, test: Some(Test { t: 1.0, freedom: 9.0, p }) };
        assert!(Criterion::significance(test(0.05), &limits).passed);
        assert!(!Criterion::significance(test(0.050_001), &limits).passed);
        let tiny = Criterion::significance(test(1e-20), &limits);
        assert!(tiny.passed && tiny.words.contains("gives p < 1e-12, within"), "{}", tiny.words);
        let none = Criterion::significance(Made { name: WELCH, test: None }, &limits);
        check(none, false, "Welch's t-test cannot be made");
        assert!(Criterion::memory(Some(Decimal::from(2)), Some(1e-6), &limits).passed);
        let grown = Criterion::memory(Some(Decimal::from(7)), None, &limits);
        let words = "the peak memory grew by 7 %, 5 points more than the 2 % allowed";
        check(grown, false, words);
        let surely = Criterion::memory(Some(Decimal::from(7)), Some(0.01), &limits);
        let words = "the peak memory grew by 7 %, 5 points more than the 2 % allowed and more than it \
                     scatters from run to run (rank test, p = 0.0100)";
        check(surely, false, words);
        let by_chance = Criterion::memory(Some(Decimal::from(7)), Some(0.25), &limits);
        let words = "the peak memory grew by 7 %, more than the 2 % allowed but no more than it \
                     scatters from run to run (rank test, p = 0.2500)";
        check(by_chance, true, words);
        assert!(!Criterion::memory(None, None, &limits).passed);
        let few = Criterion::sample_size(4, &limits);
        check(few, false, "4 runs of each version are 6 too few");
    }
}
