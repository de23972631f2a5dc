//! A sequence of optimisations, judged in order until its goal is reached, it is done, or it is no
//! longer worth going on.

use rust_decimal::Decimal;
use serde::Serialize;

use crate::analysis::decision::document::Benchmark;
use crate::analysis::decision::document::Decision;
use crate::analysis::json;

/// Rejections in a row after which a sequence ends.
const MOST_REJECTED: usize = 2;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SequenceReport {
    pub version: u32,
    pub sequence: String,
    #[serde(with = "rust_decimal::serde::float")]
    pub goal_percent: Decimal,
    /// Of the accepted steps together, each on top of those before.
    #[serde(with = "rust_decimal::serde::float")]
    pub cumulative_improvement_percent: Decimal,
    pub reached: bool,
    /// Why it ended; `None` while there are steps to go.
    pub stopped: Option<StopReason>,
    pub steps: Vec<Step>,
    /// Names of the suites that were not judged.
    pub left: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    GoalReached,
    AllDone,
    TwoRejected,
}

/// One decided step.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// From 1.
    pub number: usize,
    #[serde(with = "rust_decimal::serde::float")]
    pub cumulative_improvement_percent: Decimal,
    pub benchmark: Benchmark,
}

impl SequenceReport {
    /// A sequence of which nothing is decided; `steps` in order of priority.
    pub fn new(name: &str, goal_percent: Decimal, steps: &[String]) -> Self {
        Self {
            version: 1,
            sequence: name.to_string(),
            goal_percent,
            cumulative_improvement_percent: Decimal::ZERO,
            reached: goal_percent <= Decimal::ZERO,
            stopped: steps.is_empty().then_some(StopReason::AllDone),
            steps: Vec::new(),
            left: steps.to_vec(),
        }
    }

    /// Adds the decision on the next step.
    pub fn add(&mut self, benchmark: Benchmark) {
        if !self.left.is_empty() {
            self.left.remove(0);
        }
        if benchmark.decision == Some(Decision::Accepted) {
            let gained = benchmark.improvement_percent.unwrap_or_default();
            self.cumulative_improvement_percent =
                together(self.cumulative_improvement_percent, gained);
        }
        self.steps.push(Step {
            number: self.steps.len() + 1,
            cumulative_improvement_percent: self.cumulative_improvement_percent,
            benchmark,
        });
        self.reached = self.cumulative_improvement_percent >= self.goal_percent;
        let not_accepted = |step: &&Step| step.benchmark.decision != Some(Decision::Accepted);
        let in_a_row = self.steps.iter().rev().take_while(not_accepted).count();
        self.stopped = match (self.reached, self.left.is_empty(), in_a_row >= MOST_REJECTED) {
            (true, _, _) => Some(StopReason::GoalReached),
            (_, true, _) => Some(StopReason::AllDone),
            (_, _, true) => Some(StopReason::TwoRejected),
            _ => None,
        };
    }

    /// Steps with this decision.
    pub fn count(&self, decision: Decision) -> usize {
        self.steps.iter().filter(|step| step.benchmark.decision == Some(decision)).count()
    }

    /// As JSON, with a final line break.
    ///
    /// # Errors
    /// A bug: plain data can always be written.
    pub fn to_json(&self) -> crate::error::Result<String> {
        json::pretty(self)
    }
}

/// Two improvements one on top of the other, in per cent.
///
/// Source: what is left is multiplied: 1 − (1 − a)(1 − b).
/// Example: 20 % and then 25 %: 1 − 0.8 · 0.75 = 40 %, not 45 %.
pub fn together(first: Decimal, second: Decimal) -> Decimal {
    let hundred = Decimal::ONE_HUNDRED;
    (hundred - (hundred - first) * (hundred - second) / hundred).round_dp(6)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::decision::decide::blocked;
    use crate::analysis::decision::trial::Trial;

    fn benchmark(percent: i64, decision: Decision) -> Benchmark {
        Benchmark {
            decision: Some(decision),
            improvement_percent: Some(percent.into()),
            ..blocked(&Trial::default(), "")
        }
    }

    #[track_caller]
    fn check(steps: &[(i64, Decision)], of: usize, cumulative: Decimal, end: Option<StopReason>) {
        let names: Vec<String> = (0..of).map(|n| format!("s{n}")).collect();
        let mut report = SequenceReport::new("q", 40.into(), &names);
        for (percent, decision) in steps {
            assert_eq!(report.stopped, None);
            report.add(benchmark(*percent, *decision));
        }
        assert_eq!(report.cumulative_improvement_percent, cumulative);
        assert_eq!((report.stopped, report.left.len()), (end, of - steps.len()));
    }

    #[test]
    fn accepted_steps_multiply_and_the_others_count_for_nothing() {
        use Decision::Accepted;
        use Decision::Blocked;
        use Decision::Rejected;
        check(&[(20, Accepted)], 3, 20.into(), None);
        check(&[(20, Accepted), (25, Accepted)], 3, 40.into(), Some(StopReason::GoalReached));
        check(&[(20, Accepted), (90, Rejected)], 3, 20.into(), None);
        let two = [(20, Accepted), (3, Rejected), (90, Blocked)];
        check(&two, 4, 20.into(), Some(StopReason::TwoRejected));
        check(&[(3, Rejected), (20, Accepted), (3, Rejected)], 4, 20.into(), None);
        check(&[(10, Accepted)], 1, 10.into(), Some(StopReason::AllDone));
        check(&[], 0, 0.into(), Some(StopReason::AllDone));
    }
}
