//! All series over one set of runs: what depends on the sizes alone is done once for all of them.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::PoisonError;

use crate::analysis::ceiling::RunCost;
use crate::analysis::document::Growth;
use crate::analysis::document::Verdict;
use crate::analysis::growth::fit;
use crate::analysis::growth::fit::Fit;
use crate::analysis::growth::fit::Kind;
use crate::analysis::middle::median;
use crate::analysis::pairs;
use crate::analysis::run_name::RunName;
use crate::analysis::settling;
use crate::analysis::settling::Price;
use crate::analysis::settling::Question;
use crate::analysis::settling::Settling;
use crate::error::Error;
use crate::error::Result;
use crate::stats;
use crate::stats::Bands;
use crate::stats::Design;
use crate::stats::Prospect;
use crate::stats::Screen;
use crate::stats::Way;

/// Judges series over one set of runs; the work that depends on the sizes alone is done once.
#[derive(Debug)]
pub struct Judge {
    names: Vec<RunName>,
    /// The places of the repetitions of each run that has several.
    repeated: Vec<Vec<usize>>,
    sizes: Vec<f64>,
    design: Design,
    bands: Bands,
    /// Many functions are called equally often; the same counts have the same answer.
    counts: Mutex<HashMap<Vec<Option<u64>>, Fit>>,
    screen: OnceLock<Screen>,
}

impl Judge {
    /// `runs`: name and size, one per run; repetitions repeat the size.
    ///
    /// # Errors
    /// When there is no run, or a size is not a finite number above 0.
    pub fn new(runs: &[(RunName, f64)], bands: Bands) -> Result<Self> {
        let sizes: Vec<f64> = runs.iter().map(|(_, size)| *size).collect();
        let design = Design::new(&sizes).map_err(|fault| {
            Error::analyse(
                format!("cannot judge growth: {fault}"),
                "run some sizes first, for example `runner --phase 1`",
            )
        })?;
        let mut repeated: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (place, (name, _)) in
            runs.iter().enumerate().filter(|(_, run)| run.0.repetition.is_some())
        {
            repeated.entry(&name.id).or_default().push(place);
        }
        Ok(Self {
            repeated: repeated.into_values().collect(),
            names: runs.iter().map(|(name, _)| name.clone()).collect(),
            sizes,
            design,
            bands,
            counts: Mutex::default(),
            screen: OnceLock::new(),
        })
    }

    /// Judges values that are known by their size alone.
    ///
    /// # Errors
    /// As [`Judge::new`].
    pub fn of_sizes(sizes: &[f64], bands: Bands) -> Result<Self> {
        let name = |size: &f64| RunName::once(format!("size {size}"));
        let runs: Vec<(RunName, f64)> = sizes.iter().map(|size| (name(size), *size)).collect();
        Self::new(&runs, bands)
    }

    /// One per run.
    pub fn sizes(&self) -> &[f64] {
        &self.sizes
    }

    /// How `values` grow, one per run.
    pub fn fit(&self, values: &[Option<f64>], kind: Kind) -> Fit {
        match kind {
            Kind::Count => self.counted(values),
            Kind::Time(_) | Kind::Samples => self.estimated(values, kind),
        }
    }

    /// How exact counts grow.
    pub fn count(&self, values: &[Option<f64>]) -> Fit {
        self.fit(values, Kind::Count)
    }

    /// The verdict of [`Judge::fit`] on the same values, without the figures behind it and in a
    /// fraction of the time.
    pub fn verdict(&self, values: &[Option<f64>], kind: Kind) -> Verdict {
        if kind == Kind::Count {
            return self.counted(values).verdict;
        }
        let screen = self.screen.get_or_init(|| Screen::new(&self.design));
        match screen.verdict(&self.design, values, kind.noise_floor()) {
            Ok(stats::Verdict::NotSuperlinear) => Verdict::NotSuperlinear,
            Ok(stats::Verdict::CannotTell) | Err(_) => Verdict::CannotTell,
            // Whether the evidence is firm is for the fit to say.
            Ok(stats::Verdict::Superlinear) => self.estimated(values, kind).verdict,
        }
    }

    /// A fit in the words of the document, beside the values as they were measured.
    pub fn growth(&self, fit: &Fit, measured: Vec<Option<f64>>) -> Growth {
        let pairs = pairs::log_ratios(&self.runs(), &measured);
        Growth { pairs, values: measured, ..self.figures(fit) }
    }

    /// The figures of a fit alone, without the values that it was made from.
    pub fn figures(&self, fit: &Fit) -> Growth {
        fit.figures(&self.bands)
    }

    /// The same with the curve through the values, for those that are drawn; as far as
    /// `target_size` where that lies beyond the largest size.
    pub fn growth_with_curve(
        &self,
        fit: &Fit,
        measured: Vec<Option<f64>>,
        target_size: Option<f64>,
    ) -> Growth {
        let mut sizes: HashMap<u64, Option<f64>> = HashMap::new();
        let mut growth = self.growth(fit, measured);
        growth.fitted = self
            .sizes
            .iter()
            .map(|size| *sizes.entry(size.to_bits()).or_insert_with(|| fit.at(*size)))
            .collect();
        growth.curve = fit.curve(&self.sizes, target_size);
        growth
    }

    /// What would settle an open verdict for the least of what `price` says, of what a person would
    /// do: tell the most probable class from the most probable one with the other answer, or
    /// confirm what is only suspected. `None` when the verdict is given or nothing sensible would,
    /// whatever classes are left within it.
    ///
    /// `at`: what one run of a size costs in that unit.
    pub fn settling(
        &self,
        fit: &Fit,
        price: Price,
        at: impl Fn(f64) -> Option<RunCost>,
    ) -> Option<Settling> {
        let estimate = fit.estimate()?;
        if fit.reservation().is_some() {
            let largest = self.sizes.iter().copied().fold(0.0, f64::max);
            let ways = fit::confirming(estimate.sizes, largest);
            return settling::cheapest(Question::Suspicion, &ways, price, at);
        }
        if estimate.sizes < stats::LEAST_SIZES {
            let ways = self.design.further_size(estimate);
            let cheapest = |ways: &[Way]| settling::cheapest(Question::FewSizes, ways, price, &at);
            let mut each = ways.chunks(1).filter_map(cheapest);
            return each.find(|known| known.is_practical).or_else(|| cheapest(&ways));
        }
        let is_open = estimate.verdict == stats::Verdict::CannotTell;
        let advice = self.design.advice(estimate, fit.repeating).filter(|_| is_open)?;
        let (first, second) = advice.between;
        settling::cheapest(Question::Between(first, second), &advice.ways, price, at)
    }

    /// What `values` let one expect at `size`, where they matter from `least` on; `None` when there
    /// are too few of them to say.
    pub fn prospect(
        &self,
        values: &[Option<f64>],
        kind: Kind,
        size: f64,
        least: f64,
    ) -> Option<Prospect> {
        let values = match kind {
            Kind::Count => self.once_per_run(values),
            Kind::Time(_) | Kind::Samples => values.to_vec(),
        };
        self.design.prospect(&values, kind.noise_floor(), size, least).ok()
    }

    fn runs(&self) -> Vec<(&str, f64)> {
        let ids = self.names.iter().map(|name| name.id.as_str());
        ids.zip(self.sizes.iter().copied()).collect()
    }

    /// The median of the repetitions of each run, in the place of the first one: an exact count
    /// says nothing more when it is counted again.
    fn once_per_run(&self, values: &[Option<f64>]) -> Vec<Option<f64>> {
        let mut once = values.to_vec();
        for places in self.repeated.iter().filter(|_| values.len() == self.names.len()) {
            let known: Vec<f64> = places.iter().filter_map(|&place| values[place]).collect();
            places.iter().for_each(|&place| once[place] = None);
            once[places[0]] = median(&known);
        }
        once
    }

    fn counted(&self, values: &[Option<f64>]) -> Fit {
        let values = &self.once_per_run(values);
        let key: Vec<Option<u64>> = values.iter().map(|value| value.map(f64::to_bits)).collect();
        let known = self.counts.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        known.unwrap_or_else(|| {
            let fit = self.estimated(values, Kind::Count);
            let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
            counts.insert(key, fit.clone());
            fit
        })
    }

    fn estimated(&self, values: &[Option<f64>], kind: Kind) -> Fit {
        Fit::of(&self.design, &self.names, values, kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::document::CurvePoint;

    const SIZES: [f64; 5] = [10.0, 20.0, 40.0, 80.0, 160.0];

    fn judge(sizes: &[f64]) -> Judge {
        Judge::of_sizes(sizes, Bands::default()).unwrap()
    }

    fn power(sizes: &[f64], exponent: f64) -> Vec<Option<f64>> {
        sizes.iter().map(|size| Some(3.0 * size.powf(exponent))).collect()
    }

    fn check(sizes: &[f64], exponent: f64, kind: Kind, expected: Verdict) {
        let judge = judge(sizes);
        let values = power(sizes, exponent);
        let fit = judge.fit(&values, kind);
        let growth = judge.growth(&fit, values);
        assert_eq!(growth.verdict, expected, "{growth:?}");
        assert!((growth.exponent.unwrap() - exponent).abs() < 0.03, "{growth:?}");
    }

    #[test]
    fn exact_powers_have_their_verdict() {
        check(&SIZES, 2.0, Kind::Count, Verdict::Superlinear);
        check(&SIZES, 1.0, Kind::Count, Verdict::NotSuperlinear);
        check(&SIZES, 2.0, Kind::Time(0.01), Verdict::Superlinear);
        check(&SIZES, 1.0, Kind::Time(0.01), Verdict::NotSuperlinear);
    }

    #[test]
    fn times_of_single_runs_at_few_sizes_are_only_suspected() {
        check(&SIZES[..3], 2.0, Kind::Count, Verdict::Superlinear);
        check(&SIZES[..3], 2.0, Kind::Time(0.01), Verdict::Suspected);
        let repeated = [10.0, 10.0, 20.0, 20.0, 40.0, 40.0];
        check(&repeated, 2.0, Kind::Time(0.01), Verdict::Superlinear);
        check(&SIZES[..2], 2.0, Kind::Count, Verdict::CannotTell);
    }

    #[test]
    fn says_why_there_is_no_estimate() {
        let judge = judge(&SIZES);
        let nothing = judge.growth(&judge.count(&[None; 5]), vec![None; 5]);
        assert_eq!(nothing.note.as_deref(), Some("no value is above zero"));
        assert_eq!(nothing.exponent, None);
        assert_eq!(nothing.verdict, Verdict::CannotTell);
    }

    #[test]
    fn the_curve_runs_through_exact_values() {
        let judge = judge(&SIZES);
        let values = power(&SIZES, 2.0);
        let growth = judge.growth_with_curve(&judge.count(&values), values.clone(), Some(320.0));
        for (fitted, value) in growth.fitted.iter().zip(&values) {
            assert!((fitted.unwrap() / value.unwrap() - 1.0).abs() < 0.01);
        }
        let last = growth.curve[growth.curve.len() - 1];
        assert_eq!((growth.curve[0].size, last.size), (10.0, 320.0));
        assert!((last.value / (3.0 * 320f64.powi(2)) - 1.0).abs() < 0.02, "{last:?}");
        let largest = growth.curve.iter().find(|point| point.size == 160.0).unwrap();
        for point in &growth.curve {
            assert!(point.low <= point.value && point.value <= point.high, "{point:?}");
        }
        // The band is no narrower where nothing was measured.
        let width = |point: &CurvePoint| point.high / point.low;
        assert!(width(&last) >= width(largest) * (1.0 - 1e-9), "{last:?}, {largest:?}");
    }

    #[test]
    fn odd_sizes_are_refused() {
        for sizes in [&[][..], &[0.0], &[f64::NAN, 1.0]] {
            assert!(Judge::of_sizes(sizes, Bands::default()).is_err());
        }
    }
}
