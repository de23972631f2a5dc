//! How often a method is right about cases whose truth is known.

use superlinear::stats::Class;
use superlinear::stats::Verdict;

use crate::byhand;
use crate::case::Case;
use crate::case::Law;

/// What a method says of a case.
#[derive(Debug, Clone)]
pub struct Answer {
    pub exponent: f64,
    pub class: Class,
    /// The yes or no that the method is forced to.
    pub superlinear: bool,
    pub verdict: Option<Verdict>,
    pub interval: Option<(f64, f64)>,
}

/// Counts over many cases.
#[derive(Debug, Clone, Copy, Default)]
pub struct Score {
    pub cases: usize,
    near: usize,
    named: usize,
    class: usize,
    wrong: usize,
    sure_and_wrong: usize,
    undecided: usize,
    covered: usize,
    with_interval: usize,
    width: f64,
}

impl Score {
    /// In per cent, but for the number of cases and the mean width of the intervals.
    pub const HEADER: &'static str =
        "cases   within 1/4   class   wrong   sure+wrong   undecided   covered   width";

    pub fn of<'a>(pairs: impl Iterator<Item = (&'a Case, Answer)>) -> Score {
        let mut score = Score::default();
        for (case, answer) in pairs {
            score.add(case, &answer);
        }
        score
    }

    fn add(&mut self, case: &Case, answer: &Answer) {
        let largest = case.largest();
        let truth = case.law.exponent(largest);
        let superlinear = case.law.is_superlinear(largest);
        self.cases += 1;
        self.near += usize::from((answer.exponent - truth).abs() <= 0.25);
        if let Law::Named(class) = case.law {
            self.named += 1;
            self.class += usize::from(answer.class == class);
        }
        self.wrong += usize::from(answer.superlinear != superlinear);
        let sure = match answer.verdict {
            Some(Verdict::CannotTell) => None,
            Some(verdict) => Some(verdict == Verdict::Superlinear),
            None => Some(answer.superlinear),
        };
        self.undecided += usize::from(sure.is_none());
        self.sure_and_wrong += usize::from(sure.is_some_and(|sure| sure != superlinear));
        if let Some((low, high)) = answer.interval {
            self.with_interval += 1;
            self.covered += usize::from((low..=high).contains(&truth));
            self.width += high - low;
        }
    }

    pub fn row(&self) -> String {
        let percent = |count: usize, of: usize| match of {
            0 => "–".to_string(),
            _ => format!("{:.2}", 100.0 * count as f64 / of as f64),
        };
        let width = match self.with_interval {
            0 => "–".to_string(),
            count => format!("{:.3}", self.width / count as f64),
        };
        format!(
            "{:>5} {:>12} {:>7} {:>7} {:>12} {:>11} {:>9} {:>7}",
            self.cases,
            percent(self.near, self.cases),
            percent(self.class, self.named),
            percent(self.wrong, self.cases),
            percent(self.sure_and_wrong, self.cases),
            percent(self.undecided, self.cases),
            percent(self.covered, self.with_interval),
            width
        )
    }
}

/// The answer of a method that knows an exponent only.
pub fn from_exponent(case: &Case, exponent: f64) -> Answer {
    let largest = case.largest();
    let n_log_n = Class::NLogN.exponent_at(largest.ln()).min(1.35);
    Answer {
        exponent,
        class: byhand::nearest_class(exponent, largest),
        superlinear: exponent > f64::midpoint(n_log_n, 1.5),
        verdict: None,
        interval: None,
    }
}
