//! The values of one function and metric, made ready to be compared with curves.
//! Says which values cannot be used and why; drops nothing that can.

use crate::stats::design::Design;
use crate::stats::line::Line;
use crate::stats::noise::NoiseFloor;

/// A value that can be used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Value {
    /// Position of its run in the design.
    pub run: usize,
    /// Position of its size among the distinct sizes.
    pub place: usize,
    /// Natural logarithm of the value.
    pub ln: f64,
    /// Variance of the logarithm that is known beforehand.
    pub known_variance: f64,
}

/// Values to compare with curves, sorted by place.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    pub values: Vec<Value>,
    /// Those of which one may be slow without it being known which, if any.
    pub may_be_slow: Vec<Value>,
}

/// A value that cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unused {
    /// Position of its run in the design.
    pub run: usize,
    pub why: Unusable,
}

/// Why a value cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusable {
    Missing,
    Zero,
    Negative,
    NotFinite,
}

/// Values of one size, as the sums that a fit needs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group {
    pub place: usize,
    /// Sum of the weights of its values.
    pub weight: f64,
    /// Weighted mean of the logarithms, relative to the level of the series.
    pub mean: f64,
}

/// Values in groups, each weighing less the more of its noise is known beforehand.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    pub groups: Vec<Group>,
    /// Logarithm that all means are relative to; it keeps the sums small and thus exact.
    pub level: f64,
    /// Number of values.
    pub count: usize,
    /// Sum of all weights; the number of values when all weigh the same.
    pub weight: f64,
    /// Weighted squares about the mean of each group, summed: the pure error.
    pub within: f64,
}

/// The usable of `values`, one per run of `design`, by size and then by value, and the others.
pub fn usable(
    design: &Design,
    values: &[Option<f64>],
    noise: NoiseFloor,
) -> (Vec<Value>, Vec<Unused>) {
    let mut good = Vec::with_capacity(values.len());
    let mut unused = Vec::new();
    for (run, (value, (place, _))) in values.iter().zip(design.runs()).enumerate() {
        match checked(*value) {
            Err(why) => unused.push(Unused { run, why }),
            Ok(value) => good.push(Value {
                run,
                place: *place,
                ln: value.ln(),
                known_variance: noise.known_variance(value),
            }),
        }
    }
    move_to_places(design, &mut good);
    good.sort_by(|a, b| a.place.cmp(&b.place).then(a.ln.total_cmp(&b.ln)));
    (good, unused)
}

impl Sample {
    /// The mean of every size in place of its values; of these only one that is alone may be slow.
    ///
    /// Example: 1.0 and 3.0 of one size, each with a variance of 0.2 known beforehand, become 2.0
    /// with 0.1.
    pub fn by_size(&self) -> Sample {
        let is_one_size = |a: &Value, b: &Value| a.place == b.place;
        let alone = self.may_be_slow.chunk_by(is_one_size).filter(|same| same.len() == 1);
        Sample {
            may_be_slow: alone.map(|same| same[0]).collect(),
            values: self.values.chunk_by(is_one_size).map(mean).collect(),
        }
    }
}

fn mean(same: &[Value]) -> Value {
    let count = same.len() as f64;
    let sum = |of: fn(&Value) -> f64| same.iter().map(of).sum::<f64>();
    Value {
        ln: sum(|value| value.ln) / count,
        known_variance: sum(|value| value.known_variance) / (count * count),
        ..same[0]
    }
}

impl Series {
    /// Groups `values`, sorted by place, for noise of standard deviation `level` in `ln`.
    pub fn new(values: &[Value], level: f64) -> Series {
        let center = values.first().map_or(0.0, |value| value.ln);
        let weight = |value: &Value| level * level / (level * level + value.known_variance);
        let mut groups = Vec::new();
        let mut within = 0.0;
        for same in values.chunk_by(|a, b| a.place == b.place) {
            let sum: f64 = same.iter().map(weight).sum();
            let moment = |value: &Value| weight(value) * (value.ln - center);
            let mean = same.iter().map(moment).sum::<f64>() / sum;
            let square = |value: &Value| weight(value) * (value.ln - center - mean).powi(2);
            within += same.iter().map(square).sum::<f64>();
            groups.push(Group { place: same[0].place, weight: sum, mean });
        }
        Series {
            level: center,
            count: values.len(),
            weight: groups.iter().map(|group| group.weight).sum(),
            within,
            groups,
        }
    }
}

fn checked(value: Option<f64>) -> Result<f64, Unusable> {
    match value {
        None => Err(Unusable::Missing),
        Some(value) if !value.is_finite() => Err(Unusable::NotFinite),
        Some(0.0) => Err(Unusable::Zero),
        Some(value) if value < 0.0 => Err(Unusable::Negative),
        Some(value) => Ok(value),
    }
}

/// Moves values along their log-log line to the places that their runs were gathered at.
fn move_to_places(design: &Design, values: &mut [Value]) {
    let offset = |value: &Value| design.runs()[value.run].1;
    if values.iter().all(|value| offset(value) == 0.0) {
        return;
    }
    let logs: Vec<(f64, f64)> = values
        .iter()
        .map(|value| (design.ln_sizes()[value.place] + offset(value), value.ln))
        .collect();
    let slope = Line::through_logs(&logs).map_or(0.0, |line| line.exponent);
    for value in values {
        value.ln -= slope * design.runs()[value.run].1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_which_values_cannot_be_used_and_why() {
        let design = Design::new(&[1.0, 2.0, 4.0, 8.0, 16.0, 32.0]).unwrap();
        let values = [None, Some(0.0), Some(-1.0), Some(f64::NAN), Some(1.0), Some(1.0)];
        let (good, unused) = usable(&design, &values, NoiseFloor::Clock(0.01));
        assert_eq!(good.iter().map(|value| value.run).collect::<Vec<_>>(), [4, 5]);
        let why: Vec<Unusable> = unused.iter().map(|unused| unused.why).collect();
        assert_eq!(
            why,
            [Unusable::Missing, Unusable::Zero, Unusable::Negative, Unusable::NotFinite]
        );
    }

    #[test]
    fn groups_repetitions_by_size() {
        let design = Design::new(&[8.0, 2.0, 8.0]).unwrap();
        let values = [Some(1f64.exp()), Some(1.0), Some(3f64.exp())];
        let (good, _) = usable(&design, &values, NoiseFloor::Clock(0.01));
        let series = Series::new(&good, 0.01);
        assert_eq!((series.count, series.weight, series.level), (3, 3.0, 0.0));
        assert_eq!(series.groups[1], Group { place: 1, weight: 2.0, mean: 2.0 });
        assert!((series.within - 2.0).abs() < 1e-12);
    }

    #[test]
    fn every_size_becomes_its_mean() {
        let value = |run, place, ln| Value { run, place, ln, known_variance: 0.2 };
        let values = vec![value(3, 0, 1.0), value(1, 0, 3.0), value(0, 1, 5.0)];
        let found = Sample { values: values.clone(), may_be_slow: values }.by_size();
        let alone = value(0, 1, 5.0);
        assert_eq!(found.values, [Value { known_variance: 0.1, ..value(3, 0, 2.0) }, alone]);
        assert_eq!(found.may_be_slow, [alone]);
    }

    #[test]
    fn small_counts_weigh_less() {
        let design = Design::new(&[1.0, 2.0]).unwrap();
        let (good, _) = usable(&design, &[Some(1.0), Some(1e6)], NoiseFloor::Counter);
        let series = Series::new(&good, 0.001);
        assert!((series.groups[0].weight - 1e-6 / (1e-6 + 1.0 / 12.0)).abs() < 1e-12);
        assert!((series.groups[1].weight - 1.0).abs() < 1e-6);
    }

    #[test]
    fn values_of_gathered_sizes_move_along_their_line() {
        let sizes: Vec<f64> = (1..=500).map(f64::from).collect();
        let values: Vec<Option<f64>> = sizes.iter().map(|size| Some(3.0 * size * size)).collect();
        let design = Design::new(&sizes).unwrap();
        let (good, _) = usable(&design, &values, NoiseFloor::Clock(0.01));
        let series = Series::new(&good, 0.01);
        assert!(series.within < 1e-18);
        for group in &series.groups {
            let expected = 2.0 * design.ln_sizes()[group.place] + 3f64.ln();
            assert!((group.mean + series.level - expected).abs() < 1e-9);
        }
    }
}
