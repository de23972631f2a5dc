//! The one verdict on a function: that of its self cost or of its calls, the same in the headline of
//! a report, in its tables and wherever else one word is asked for.

use crate::analysis::document::FunctionGrowth;
use crate::analysis::document::Growth;
use crate::analysis::document::MetricName;
use crate::analysis::document::Verdict;
use crate::analysis::share;

impl FunctionGrowth {
    /// The metric that the function is judged by, and how that grows: what grows too fast for sure,
    /// then what is suspected to, then what cannot be told and weighs as much as a finding would,
    /// then what does not; of two alike the self cost. The cumulative cost is other functions' too.
    ///
    /// Example: called n times for sure, with 30 % of the busy time that may be superlinear with a
    /// probability of 0.85: cannot tell, by self cost. With 0.3 % of it: linear, by its calls.
    pub fn judged(&self) -> Option<(MetricName, &Growth)> {
        let metrics = &self.metrics;
        let calls = metrics.ncall.iter().map(|growth| (MetricName::Ncall, growth));
        let own = metrics.tsub.iter().map(|growth| (MetricName::Tsub, growth));
        calls.chain(own).max_by_key(|(_, growth)| self.weight(growth))
    }

    /// Whether its one verdict is open and weighs as much as a finding would.
    pub fn is_open(&self) -> bool {
        self.judged().is_some_and(|(_, growth)| match growth.verdict {
            Verdict::Suspected | Verdict::CannotTell => self.is_worth_asking(growth),
            Verdict::Superlinear | Verdict::NotSuperlinear => false,
        })
    }

    fn weight(&self, growth: &Growth) -> u8 {
        match growth.verdict {
            Verdict::Superlinear => 4,
            Verdict::Suspected => 3,
            Verdict::CannotTell if self.is_worth_asking(growth) => 2,
            Verdict::NotSuperlinear => 1,
            Verdict::CannotTell => 0,
        }
    }

    fn is_worth_asking(&self, growth: &Growth) -> bool {
        share::is_worth_asking(growth.p_superlinear.unwrap_or(1.0), self.share_percent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::document::Metrics;

    #[test]
    fn a_function_has_one_verdict_by_one_metric() {
        let growth =
            |verdict, p| Some(Growth { verdict, p_superlinear: Some(p), ..Growth::default() });
        let check = |calls: (Verdict, f64), own: (Verdict, f64), percent: i64, expected| {
            let function = FunctionGrowth {
                name: "f".into(),
                file: String::new(),
                line: 0,
                share_percent: Some(rust_decimal::Decimal::new(percent, 1)),
                cumulative_percent: None,
                own_code: true,
                fixed: false,
                decomposition: None,
                metrics: Metrics {
                    ncall: growth(calls.0, calls.1),
                    tsub: growth(own.0, own.1),
                    ..Metrics::default()
                },
            };
            let judged = function.judged().map(|(metric, growth)| (metric, growth.verdict));
            assert_eq!(judged, Some(expected));
        };
        let (calls, own) = (MetricName::Ncall, MetricName::Tsub);
        let not = (Verdict::NotSuperlinear, 0.0);
        let open = (Verdict::CannotTell, 0.85);
        let sure = (Verdict::Superlinear, 1.0);
        check(not, open, 298, (own, Verdict::CannotTell));
        check(not, open, 3, (calls, Verdict::NotSuperlinear));
        check(not, (Verdict::Suspected, 0.95), 3, (own, Verdict::Suspected));
        check(sure, open, 298, (calls, Verdict::Superlinear));
        check(not, not, 298, (own, Verdict::NotSuperlinear));
    }
}
