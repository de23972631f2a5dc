//! One version's figures, and what is odd about them in words.

use crate::analysis::decision::document::VersionFigures;
use crate::analysis::decision::trial::Sample;
use crate::plan::suite::Scale;
use crate::stats::bench;
use crate::units::Seconds;
use crate::units::three_digits;

/// A trend less probable than this is told.
const DRIFTS: f64 = 0.01;

/// The figures of a sample that was checked; `None` of an empty one.
pub fn figures(sample: &Sample, scale: Scale, confidence: f64) -> Option<VersionFigures> {
    let seconds = &sample.wall_seconds;
    let summary = bench::summary(seconds, confidence)?;
    let drift = bench::drift(seconds);
    let per = |count: Option<u64>, unit: f64| {
        count.filter(|count| *count > 0).map(|count| summary.mean / (count as f64 / unit))
    };
    let memory: Vec<f64> = sample.peak_memory_bytes.iter().map(|bytes| *bytes as f64).collect();
    let whole_series = seconds.len().saturating_sub(1) as f64;
    Some(VersionFigures {
        command: sample.command.clone(),
        runs: summary.count,
        mean_seconds: summary.mean,
        sd_seconds: summary.sd,
        median_seconds: summary.median,
        min_seconds: summary.least,
        max_seconds: summary.most,
        low_seconds: summary.interval.map(|(low, _)| low),
        high_seconds: summary.interval.map(|(_, high)| high),
        median_peak_memory_bytes: bench::median(&memory).map(|bytes| bytes as u64),
        seconds_per_backtest: per(scale.backtest_count, 1.0),
        seconds_per_million_rows: per(scale.dataset_size, 1e6),
        seconds_per_combination: per(scale.parameter_combinations, 1.0),
        outliers: bench::outliers(seconds).into_iter().map(|place| place + 1).collect(),
        drift_percent: drift.map(|drift| drift.slope * whole_series / summary.mean * 100.0),
        drift_p: drift.map(|drift| drift.p),
        two_groups_seconds: bench::two_groups(seconds),
        wall_seconds: seconds.clone(),
        peak_memory_bytes: sample.peak_memory_bytes.clone(),
    })
}

/// What a reader should know of these times, one sentence each.
pub fn oddities(version: &str, figures: &VersionFigures) -> Vec<String> {
    let mut told = Vec::new();
    if !figures.outliers.is_empty() {
        let places: Vec<String> = figures.outliers.iter().map(usize::to_string).collect();
        let (times, lie) = match places.len() {
            1 => ("time", "lies"),
            _ => ("times", "lie"),
        };
        told.push(format!(
            "{times} {} of the {version} {lie} far from the others and {} counted all the same",
            places.join(", "),
            if places.len() == 1 { "is" } else { "are" },
        ));
    }
    if let (Some(percent), Some(p)) = (figures.drift_percent, figures.drift_p)
        && p < DRIFTS
    {
        let way = if percent > 0.0 { "rise" } else { "fall" };
        told.push(format!(
            "the times of the {version} {way} by {} % over the series (p = {p:.1e})",
            three_digits(percent.abs())
        ));
    }
    if let Some((low, high)) = figures.two_groups_seconds {
        told.push(format!(
            "the times of the {version} fall into two groups, about {} and about {}",
            Seconds(low),
            Seconds(high)
        ));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(seconds: &[f64]) -> VersionFigures {
        let sample = Sample { wall_seconds: seconds.into(), ..Sample::default() };
        let scale =
            Scale { dataset_size: Some(500_000), backtest_count: Some(4), ..Scale::default() };
        figures(&sample, scale, 0.95).unwrap()
    }

    #[test]
    fn figures_are_normalised_by_the_work_done() {
        let found = of(&[1.0, 3.0]);
        assert_eq!(
            (found.seconds_per_backtest, found.seconds_per_million_rows),
            (Some(0.5), Some(4.0))
        );
        assert_eq!(found.seconds_per_combination, None);
    }

    #[test]
    fn what_is_odd_is_told_and_kept() {
        let steady = [1.0, 1.01, 0.99, 1.02, 0.98, 1.0, 1.01, 0.99];
        assert!(oddities("baseline", &of(&steady)).is_empty());
        let mut with_outlier = steady;
        with_outlier[2] = 2.0;
        let figures = of(&with_outlier);
        assert_eq!((figures.runs, figures.outliers.as_slice()), (8, &[3][..]));
        let told = oddities("baseline", &figures);
        assert_eq!(
            told,
            ["time 3 of the baseline lies far from the others and is counted all the same"]
        );
        let rising: Vec<f64> = (0..10).map(|n| 1.0 + 0.1 * f64::from(n)).collect();
        let mut rising = rising;
        rising[3] += 0.01;
        let told = oddities("baseline", &of(&rising));
        assert!(told[0].starts_with("the times of the baseline rise by 61.9 %"), "{told:?}");
        let apart = [1.0, 2.0, 1.01, 2.01, 1.0, 2.0, 1.01, 2.01];
        let told = oddities("baseline", &of(&apart));
        assert!(told[0].contains("two groups, about 1.00 s and about 2.00 s"), "{told:?}");
    }
}
