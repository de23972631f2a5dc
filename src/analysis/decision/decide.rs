//! From a trial to a decision with its rationale.

use crate::analysis::decision::criteria;
use crate::analysis::decision::criteria::Criteria;
use crate::analysis::decision::document::Benchmark;
use crate::analysis::decision::document::Comparison;
use crate::analysis::decision::document::Decision;
use crate::analysis::decision::document::RatioFigures;
use crate::analysis::decision::document::TestFigures;
use crate::analysis::decision::document::VERSION;
use crate::analysis::decision::figures;
use crate::analysis::decision::trial::Trial;
use crate::error::Error;
use crate::error::Result;
use crate::stats::bench;
use crate::stats::bench::Test;
use crate::units::three_digits;

/// Draws of the bootstrap: the ends of a 95 % interval then vary by less than a tenth of its width.
const DRAWS: usize = 4_000;
/// Probability with which the smallest detectable difference would have been found.
const POWER: f64 = 0.8;

/// Judges a trial whose outputs are equal; with differing ones it is blocked.
///
/// # Errors
/// As [`Trial::check`].
pub fn decide(trial: &Trial) -> Result<Benchmark> {
    if let Some(difference) = trial.equality.iter().find(|case| !case.equal) {
        return Ok(blocked(trial, &difference.in_words()));
    }
    trial.check()?;
    let confidence = confidence(trial);
    let baseline = figures::figures(&trial.baseline, trial.scale, confidence)
        .ok_or_else(|| Error::bug("a checked sample is empty"))?;
    let mut found = empty(trial);
    found.warnings.extend(figures::oddities("baseline", &baseline));
    found.rationale = format!("{} runs were measured and nothing compared", baseline.runs);
    found.baseline = Some(baseline);
    let Some(sample) = &trial.optimized else { return Ok(found) };
    let optimized = figures::figures(sample, trial.scale, confidence);
    if let Some(figures) = &optimized {
        found.warnings.extend(figures::oddities("optimised version", figures));
    }
    found.optimized = optimized;
    let (before, after) = (&trial.baseline.wall_seconds, &sample.wall_seconds);
    let paired = bench::paired(before, after).filter(|_| trial.pairs);
    let welch = bench::welch(before, after);
    let improvement = criteria::improvement(before, after);
    let criteria = Criteria::of(trial, before, after);
    let comparison = comparison(trial, before, after, paired, welch);
    if !trial.pairs {
        found.warnings.push(
            "the versions were not measured alternately, so a change of the machine in between \
             would look like a difference"
                .into(),
        );
    }
    let ratio = comparison.median_ratio;
    if let (Some(ratio), true) = (ratio, criteria.hold())
        && ratio.low < 1.0
    {
        found.warnings.push(format!(
            "by the medians it is less clear: they differ by a factor of {} [{}, {}]",
            three_digits(ratio.point),
            three_digits(ratio.low),
            three_digits(ratio.high)
        ));
    }
    let decision = if criteria.hold() { Decision::Accepted } else { Decision::Rejected };
    found.rationale = rationale(decision, &criteria, &comparison);
    found.decision = Some(decision);
    found.improvement_percent = improvement;
    found.criteria = Some(criteria);
    found.comparison = Some(comparison);
    Ok(found)
}

/// A trial in which nothing is decided, because of `why`.
pub fn blocked(trial: &Trial, why: &str) -> Benchmark {
    Benchmark {
        decision: Some(Decision::Blocked),
        rationale: format!("blocked: {why}"),
        ..empty(trial)
    }
}

fn empty(trial: &Trial) -> Benchmark {
    Benchmark {
        version: VERSION,
        suite: trial.suite.clone(),
        workflow: trial.workflow.clone(),
        decision: None,
        rationale: String::new(),
        criteria: None,
        thresholds: trial.thresholds.clone(),
        improvement_percent: None,
        comparison: None,
        baseline: None,
        optimized: None,
        scale: trial.scale,
        seed: trial.seed,
        commit: trial.commit.clone(),
        equality: trial.equality.clone(),
        warnings: trial.notes.clone(),
        raw_files: Vec::new(),
    }
}

fn comparison(
    trial: &Trial,
    before: &[f64],
    after: &[f64],
    paired: Option<Test>,
    welch: Option<Test>,
) -> Comparison {
    let confidence = confidence(trial);
    let seed = trial.seed.unwrap_or_default();
    let ratio = bench::ratio_of_medians(before, after, trial.pairs, confidence, DRAWS, seed);
    let smallest = match paired {
        Some(_) => bench::smallest_paired_difference(before, after, confidence, POWER),
        None => bench::smallest_difference(before, after, confidence, POWER),
    };
    let mean = |values: &[f64]| bench::summary(values, confidence).map(|summary| summary.mean);
    let speedup = mean(before).zip(mean(after)).map(|(before, after)| before / after);
    Comparison {
        speedup,
        median_ratio: ratio.map(|ratio| RatioFigures {
            point: ratio.point,
            low: ratio.low,
            high: ratio.high,
        }),
        paired_t_test: paired.map(test_figures),
        welch_t_test: welch.map(test_figures),
        smallest_detectable_percent: smallest
            .zip(mean(before))
            .map(|(smallest, mean)| smallest / mean * 100.0),
    }
}

fn test_figures(test: Test) -> TestFigures {
    TestFigures { t: test.t, degrees_of_freedom: test.freedom, p: test.p }
}

fn confidence(trial: &Trial) -> f64 {
    1.0 - trial.thresholds.alpha().to_string().parse().unwrap_or(0.05)
}

fn rationale(decision: Decision, criteria: &Criteria, comparison: &Comparison) -> String {
    let (held, failed): (Vec<_>, Vec<_>) =
        criteria.all().into_iter().partition(|(_, criterion)| criterion.passed);
    let words = |those: &[(&str, &criteria::Criterion)]| {
        those.iter().map(|(_, criterion)| criterion.words.clone()).collect::<Vec<_>>().join("; ")
    };
    let mut text = match decision {
        Decision::Accepted => format!("accepted: all criteria hold: {}", words(&held)),
        _ => {
            let names: Vec<&str> = failed.iter().map(|(name, _)| *name).collect();
            let verb = if names.len() == 1 { "does" } else { "do" };
            format!("rejected: {} {verb} not hold: {}", names.join(" and "), words(&failed))
        }
    };
    if decision != Decision::Accepted && !held.is_empty() {
        text += &format!(". What holds: {}", words(&held));
    }
    if let (false, Some(smallest)) =
        (criteria.significance.passed, comparison.smallest_detectable_percent)
    {
        text += &format!(
            ". These runs would have shown a difference of {} % or more with a probability of 80 %",
            three_digits(smallest)
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::decision::trial::Sample;
    use crate::plan::thresholds::Thresholds;
    use rust_decimal::Decimal;

    fn sample(seconds: &[f64], memory: u64) -> Sample {
        Sample {
            command: String::new(),
            wall_seconds: seconds.to_vec(),
            peak_memory_bytes: vec![memory; seconds.len()],
        }
    }

    fn trial(factor: f64, memory: u64) -> Trial {
        let before: Vec<f64> = (0..10).map(|n| 1.0 + 0.01 * f64::from(n % 3)).collect();
        let after: Vec<f64> =
            (0..10).map(|n| factor * (1.0 + 0.01 * f64::from((n + 1) % 3))).collect();
        Trial {
            suite: "s".into(),
            baseline: sample(&before, 1000),
            optimized: Some(sample(&after, memory)),
            pairs: true,
            seed: Some(1),
            ..Trial::default()
        }
    }

    #[track_caller]
    fn check(trial: &Trial, decision: Decision, words: &str) {
        let found = decide(trial).unwrap();
        assert_eq!(found.decision, Some(decision), "{}", found.rationale);
        assert!(found.rationale.contains(words), "{}", found.rationale);
    }

    #[test]
    fn accepted_only_if_all_holds() {
        check(
            &trial(0.5, 1000),
            Decision::Accepted,
            "all criteria hold: the improvement of 49.95 %",
        );
        check(&trial(1.0, 1000), Decision::Rejected, "improvement and significance do not hold");
        check(&trial(0.97, 1000), Decision::Rejected, "rejected: improvement does not hold");
        check(&trial(0.5, 1100), Decision::Rejected, "rejected: memory does not hold: the peak");
        let limits = Thresholds { runs: 11, ..Thresholds::default() };
        let few = Trial { thresholds: limits, ..trial(0.5, 1000) };
        check(&few, Decision::Rejected, "rejected: sample size does not hold: 10 runs");
    }

    #[test]
    fn one_version_is_measured_and_not_judged() {
        let alone = Trial { optimized: None, ..trial(1.0, 1000) };
        let found = decide(&alone).unwrap();
        assert_eq!((found.decision, found.criteria), (None, None));
        assert_eq!(found.baseline.unwrap().runs, 10);
    }

    #[test]
    fn times_that_all_differ_by_the_same_are_tested_all_the_same() {
        let mut same = trial(1.0, 1000);
        let before: Vec<f64> = (0..10).map(|n| 1.0 + f64::from(n % 2) / 4.0).collect();
        let after: Vec<f64> = before.iter().map(|seconds| seconds - 0.5).collect();
        same.baseline = sample(&before, 1000);
        same.optimized = Some(sample(&after, 1000));
        let found = decide(&same).unwrap();
        let comparison = found.comparison.unwrap();
        assert!(comparison.paired_t_test.is_none() && comparison.welch_t_test.is_some());
        let words = &found.criteria.unwrap().significance.words;
        assert!(words.starts_with("Welch's t-test gives p"), "{words}");
        assert_eq!(found.decision, Some(Decision::Accepted));
        assert_eq!(found.improvement_percent, Some(Decimal::new(44_444_444, 6)));
    }
}
