//! How alarming a finding is, in the words of code hosts: one table for every format.

use crate::analysis::document::Verdict;
use crate::stats::Band;

/// What a code host is to do about a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Note,
    Warning,
    Error,
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// It grows faster than n log n.
    SuperlinearGrowth,
    /// The same on too little evidence.
    SuspectedGrowth,
    /// It grows faster than it did.
    GrowthSinceBaseline,
    /// It costs more than it did.
    CostSinceBaseline,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alarm {
    pub rule: Rule,
    pub severity: Severity,
}

impl Rule {
    pub const ALL: [Rule; 4] = [
        Rule::SuperlinearGrowth,
        Rule::SuspectedGrowth,
        Rule::GrowthSinceBaseline,
        Rule::CostSinceBaseline,
    ];

    /// Stable: alerts of a code host are kept under it.
    pub fn id(self) -> &'static str {
        match self {
            Rule::SuperlinearGrowth => "superlinear-growth",
            Rule::SuspectedGrowth => "suspected-growth",
            Rule::GrowthSinceBaseline => "growth-since-baseline",
            Rule::CostSinceBaseline => "cost-since-baseline",
        }
    }

    /// In a few words.
    pub fn title(self) -> &'static str {
        match self {
            Rule::SuperlinearGrowth => "Cost grows faster than n log n",
            Rule::SuspectedGrowth => "Cost is suspected to grow faster than n log n",
            Rule::GrowthSinceBaseline => "Cost grows faster than in the baseline",
            Rule::CostSinceBaseline => "Cost is higher than in the baseline",
        }
    }

    /// What it means, and what to do.
    pub fn help(self) -> &'static str {
        match self {
            Rule::SuperlinearGrowth => {
                "The cost of this function grows meaningfully faster than n log n with the size of \
                 the input, with a probability of 0.9 or more. Look for a loop over everything so \
                 far, or for a call that copies it, once per element."
            }
            Rule::SuspectedGrowth => {
                "The cost of this function seems to grow faster than n log n, but the evidence is \
                 thin: single times at few sizes, or one of many functions. Repeat the runs, add \
                 sizes, or count calls or instructions instead of time."
            }
            Rule::GrowthSinceBaseline => {
                "The interval of the exponent lies above that of the baseline as a whole, or the \
                 function was not among the culprits of the baseline."
            }
            Rule::CostSinceBaseline => {
                "The cost at the same sizes is higher than in the baseline, by more than noise \
                 explains."
            }
        }
    }
}

impl Severity {
    pub fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl Alarm {
    /// Superlinear is an error from quadratic on, else a warning; suspected a step less.
    pub fn of(verdict: Verdict, band: Option<&str>) -> Option<Self> {
        let is_steep = band.and_then(Band::by_name).is_some_and(|band| band >= Band::Quadratic);
        let (rule, severity) = match (verdict, is_steep) {
            (Verdict::Superlinear, true) => (Rule::SuperlinearGrowth, Severity::Error),
            (Verdict::Superlinear, false) => (Rule::SuperlinearGrowth, Severity::Warning),
            (Verdict::Suspected, true) => (Rule::SuspectedGrowth, Severity::Warning),
            (Verdict::Suspected, false) => (Rule::SuspectedGrowth, Severity::Note),
            (Verdict::CannotTell | Verdict::NotSuperlinear, _) => return None,
        };
        Some(Self { rule, severity })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steepness_and_certainty_make_the_severity() {
        let check = |verdict, band, expected| {
            assert_eq!(Alarm::of(verdict, Some(band)).map(|alarm| alarm.severity), expected);
        };
        check(Verdict::Superlinear, "cubic or worse", Some(Severity::Error));
        check(Verdict::Superlinear, "quadratic", Some(Severity::Error));
        check(Verdict::Superlinear, "superlinear", Some(Severity::Warning));
        check(Verdict::Suspected, "quadratic", Some(Severity::Warning));
        check(Verdict::Suspected, "mildly superlinear", Some(Severity::Note));
        check(Verdict::CannotTell, "quadratic", None);
        check(Verdict::NotSuperlinear, "linear", None);
        assert_eq!(
            Alarm::of(Verdict::Superlinear, None).map(|a| a.severity),
            Some(Severity::Warning)
        );
    }
}
