//! Axes: where a value lies on paper, and which values are labelled.

/// A range of values along so many pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axis {
    low: f64,
    high: f64,
    is_log: bool,
    /// Pixel of the low end, and of the high end.
    from: f64,
    to: f64,
}

impl Axis {
    /// A logarithmic axis; both ends above 0, and `low` below `high`.
    pub fn log(low: f64, high: f64, from: f64, to: f64) -> Self {
        Self { low: low.ln(), high: high.ln(), is_log: true, from, to }
    }

    pub fn linear(low: f64, high: f64, from: f64, to: f64) -> Self {
        Self { low, high, is_log: false, from, to }
    }

    /// The pixel of `value`, with a tenth; values beyond the ends stop a little outside.
    pub fn at(&self, value: f64) -> f64 {
        let value = if self.is_log { value.ln() } else { value };
        let width = (self.high - self.low).max(f64::MIN_POSITIVE);
        let part = ((value - self.low) / width).clamp(-0.2, 1.2);
        let part = if part.is_nan() { 0.0 } else { part };
        ((self.from + part * (self.to - self.from)) * 10.0).round() / 10.0
    }
}

/// Values to label on a logarithmic axis: powers of ten, or 1, 2 and 5 where those are too few.
///
/// `most`: labels that there is room for. Example: 7 to 304 with room for six: 10, 20, 50, 100,
/// 200.
pub fn log_ticks(low: f64, high: f64, most: usize) -> Vec<f64> {
    let (first, last) = (low.log10().floor() as i32, high.log10().ceil() as i32);
    let within = |value: &f64| *value >= low * 0.999 && *value <= high * 1.001;
    let each = |digits: &[f64], step: usize| -> Vec<f64> {
        (first..=last)
            .step_by(step.max(1))
            .flat_map(|power| digits.iter().map(move |digit| digit * 10f64.powi(power)))
            .filter(within)
            .collect()
    };
    let fine = [&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0][..], &[1.0, 2.0, 5.0], &[1.0, 3.0], &[1.0]];
    let by_digits = fine.iter().map(|digits| each(digits, 1)).find(|ticks| ticks.len() <= most);
    by_digits.unwrap_or_else(|| {
        let decades = (last - first).max(1) as usize;
        each(&[1.0], decades.div_ceil(most.max(1)))
    })
}

/// Round values to label on a linear axis from 0.
///
/// Example: 0 to 23 with room for five: 0, 5, 10, 15, 20.
pub fn linear_ticks(high: f64, most: usize) -> Vec<f64> {
    let rough = high / most.max(1) as f64;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0].map(|digit| digit * power);
    let step = step.into_iter().find(|step| *step >= rough).unwrap_or(rough);
    if !(step.is_finite() && step > 0.0) {
        return Vec::new();
    }
    (0..=most).map(|index| index as f64 * step).filter(|value| *value <= high * 1.001).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logarithmic_axis_has_equal_steps_for_equal_ratios() {
        let axis = Axis::log(1.0, 100.0, 0.0, 200.0);
        assert_eq!([1.0, 10.0, 100.0].map(|value| axis.at(value)), [0.0, 100.0, 200.0]);
        assert_eq!(Axis::linear(0.0, 4.0, 100.0, 0.0).at(1.0), 75.0);
        assert_eq!(axis.at(f64::NAN), 0.0);
    }

    #[test]
    fn labels_are_round_and_fit() {
        assert_eq!(log_ticks(7.0, 304.0, 6), [10.0, 20.0, 50.0, 100.0, 200.0]);
        assert_eq!(log_ticks(1.0, 1e6, 4), [1.0, 100.0, 10_000.0, 1e6]);
        assert_eq!(log_ticks(11.0, 19.0, 6), Vec::<f64>::new());
        assert_eq!(linear_ticks(23.0, 5), [0.0, 5.0, 10.0, 15.0, 20.0]);
        assert_eq!(linear_ticks(0.0, 5), Vec::<f64>::new());
        assert!(log_ticks(1e-30, 1e30, 6).len() <= 7);
    }
}
