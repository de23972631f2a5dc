//! The assertion itself: what is measured, and what it must stay within.

use std::collections::BTreeMap;
use std::fmt;

use crate::check::answer::Failure;
use crate::check::series::Series;
use crate::check::series::Standing;
use crate::check::timing;
use crate::measure::spans::tally;
use crate::measure::spans::tally::Calls;
use crate::profile::FunctionKey;
use crate::report::place::place;
use crate::stats::Class;

/// Callers that are named.
const MOST_CALLERS: usize = 3;

/// What was measured at each size, or why nothing was.
type Measured = Result<Vec<Series>, Failure>;
/// Measures at the given sizes.
type Measure<'a> = Box<dyn FnMut(&[usize]) -> Measured + 'a>;

/// Something whose growth is to be asserted; nothing is measured before that.
#[must_use = "nothing is checked before `at_most`"]
pub struct Growth<'a> {
    /// In order, each once.
    sizes: Vec<usize>,
    measure: Measure<'a>,
    /// Whether a failure must be seen twice.
    is_noisy: bool,
    is_strict: bool,
}

/// The growth of how often `work` enters each of its spans, on this thread, at `sizes`.
pub fn calls<'a, T>(
    sizes: impl IntoIterator<Item = usize>,
    mut work: impl FnMut(usize) -> T + 'a,
) -> Growth<'a> {
    Growth::new(sizes, false, move |sizes| counted_calls(sizes, &mut work))
}

/// The growth of what `count` counts at `sizes`: comparisons, copies, requests; exact and
/// repeatable.
pub fn counts<'a>(
    sizes: impl IntoIterator<Item = usize>,
    mut count: impl FnMut(usize) -> u64 + 'a,
) -> Growth<'a> {
    Growth::new(sizes, false, move |sizes| {
        let points = sizes.iter().map(|size| (*size as f64, count(*size) as f64)).collect();
        Ok(vec![Series { subject: "the count grows".into(), note: None, is_time: false, points }])
    })
}

/// The growth of how long `work` takes at `sizes`, its preparation of the input included.
pub fn times<'a, T>(
    sizes: impl IntoIterator<Item = usize>,
    mut work: impl FnMut(usize) -> T + 'a,
) -> Growth<'a> {
    Growth::new(sizes, true, move |sizes| {
        let points = timing::rounds(sizes, &mut work);
        Ok(vec![Series { subject: "the time grows".into(), note: None, is_time: true, points }])
    })
}

impl<'a> Growth<'a> {
    fn new(
        sizes: impl IntoIterator<Item = usize>,
        is_noisy: bool,
        measure: impl FnMut(&[usize]) -> Measured + 'a,
    ) -> Self {
        let mut sizes: Vec<usize> = sizes.into_iter().collect();
        sizes.sort_unstable();
        sizes.dedup();
        Self { sizes, measure: Box::new(measure), is_noisy, is_strict: false }
    }

    /// Fails also when it cannot be told.
    pub fn strict(self) -> Self {
        Self { is_strict: true, ..self }
    }

    /// Asserts that nothing grows faster than `class`.
    ///
    /// # Panics
    /// When something does, with what, where, how fast, and the plot.
    #[track_caller]
    #[expect(clippy::panic, reason = "an assertion that does not hold fails its test")]
    pub fn at_most(self, class: Class) {
        if let Err(failure) = self.within(class) {
            panic!("{failure}");
        }
    }

    /// The same, for those who do not want a panic.
    ///
    /// # Errors
    /// When something grows faster than `class`, when fewer than three sizes are given, or when
    /// nothing was counted.
    pub fn within(mut self, class: Class) -> Result<(), Failure> {
        if self.sizes.len() < 3 || self.sizes.first() == Some(&0) {
            return Err(Failure::new("growth needs three different sizes above 0, better four"));
        }
        let Err(first) = self.judged(class)? else { return Ok(()) };
        match self.is_noisy && !self.is_strict {
            true => self.judged(class)?,
            false => Err(first),
        }
    }

    /// Measures and judges once; the inner failure is that of the first series that is above.
    fn judged(&mut self, class: Class) -> Result<Result<(), Failure>, Failure> {
        for series in (self.measure)(&self.sizes)? {
            let standing = series.standing(class);
            let standing = standing.map_err(|error| Failure::new(error.to_string()))?;
            match standing {
                Standing::Above(growth) => return Ok(Err(Failure::above(&series, &growth, class))),
                Standing::Open(growth) if self.is_strict => {
                    return Ok(Err(Failure::open(&series, &growth, class)));
                }
                Standing::Open(_) | Standing::Within => {}
            }
        }
        Ok(Ok(()))
    }
}

impl fmt::Debug for Growth<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Growth").field("sizes", &self.sizes).finish_non_exhaustive()
    }
}

/// One series per function that was called at any size, those called most often first.
fn counted_calls<T>(sizes: &[usize], work: &mut impl FnMut(usize) -> T) -> Measured {
    let tallies: Vec<Vec<Calls>> =
        sizes.iter().map(|size| tally::tally(|| work(*size)).1).collect();
    let mut functions: BTreeMap<FunctionKey, Vec<f64>> = BTreeMap::new();
    for (place, tally) in tallies.iter().enumerate() {
        for one in tally {
            let counts = functions.entry(one.function.clone());
            counts.or_insert_with(|| vec![0.0; sizes.len()])[place] += one.calls as f64;
        }
    }
    if functions.is_empty() {
        return Err(Failure::new(
            "no span was entered on this thread, so no call was counted: put `span!(\"name\")` into \
             the functions, or use `check::counts` or `check::times`",
        ));
    }
    let largest = tallies.last().map_or(&[][..], Vec::as_slice);
    let mut all: Vec<Series> = functions
        .into_iter()
        .map(|(function, counts)| Series {
            subject: subject(&function),
            note: callers(&function, largest),
            is_time: false,
            points: sizes.iter().map(|size| *size as f64).zip(counts).collect(),
        })
        .collect();
    let most = |series: &Series| series.points.last().map_or(0.0, |point| point.1);
    all.sort_by(|left, right| most(right).total_cmp(&most(left)));
    Ok(all)
}

fn subject(function: &FunctionKey) -> String {
    let place = place(&function.file, function.line);
    let place = if place.is_empty() { place } else { format!(" ({place})") };
    format!("`{}`{place} is called", function.name)
}

/// `at the largest size 1,000 times by a, 5 times by b`.
fn callers(function: &FunctionKey, calls: &[Calls]) -> Option<String> {
    let mut calls: Vec<&Calls> = calls.iter().filter(|one| one.function == *function).collect();
    calls.sort_by_key(|one| std::cmp::Reverse(one.calls));
    let named: Vec<String> = calls
        .into_iter()
        .take(MOST_CALLERS)
        .filter_map(|one| {
            let caller = one.caller.as_ref()?;
            Some(format!("{} times by `{}`", crate::units::grouped(one.calls), caller.name))
        })
        .collect();
    (!named.is_empty()).then(|| format!("  at the largest size {}", named.join(", ")))
}
