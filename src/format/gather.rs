//! From costs in any order to a checked profile: what the readers share once they understand a row.

use crate::format::fault::Fault;
use crate::profile::Cost;
use crate::profile::Function;
use crate::profile::Profile;

/// The costs of the functions met so far.
#[derive(Debug, Default)]
pub struct Gather {
    pub profile: Profile,
    /// How many times below 0 were made 0; see [`Gather::time`].
    below_zero: u64,
}

impl Gather {
    /// A time as it may stand in a profile: a clock that was set back gives times below 0, which
    /// are read as 0 and told in the profile's warnings.
    pub fn time(&mut self, time: f64) -> f64 {
        if time < 0.0 {
            self.below_zero += 1;
            return 0.0;
        }
        time
    }

    /// Adds a function, and gives its position.
    pub fn push(&mut self, function: Function) -> usize {
        self.profile.functions.push(function);
        self.profile.functions.len() - 1
    }

    /// Adds to what was spent in the function at a position.
    pub fn add(&mut self, position: usize, cost: Cost) {
        let sum = &mut self.profile.functions[position].cost;
        *sum = sum.plus(cost);
    }

    /// Adds a sentence to the profile's warnings.
    pub fn warn(&mut self, warning: String) {
        self.profile.origin.warnings.push(warning);
    }

    /// The profile. Calls count as counted unless every function has none.
    ///
    /// # Errors
    /// When a sum is beyond the largest number.
    pub fn finish(mut self) -> Result<Profile, Fault> {
        let functions = &self.profile.functions;
        for Function { key, cost } in functions {
            if !(cost.tsub.is_finite() && cost.ttot.is_finite()) {
                return Err(Fault::new(
                    format!("the times of `{}` add up to more than a number holds", key.name),
                    "check that the times are in seconds",
                ));
            }
        }
        let called = functions.iter().any(|function| function.cost.ncall > 0);
        self.profile.counts_calls = called || functions.is_empty();
        if self.below_zero > 0 {
            self.warn(format!(
                "{} times below 0 are read as 0: the clock was set back while it ran",
                self.below_zero
            ));
        }
        Ok(self.profile)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gathered(costs: &[(u64, f64)]) -> Result<Profile, Fault> {
        let mut gather = Gather::default();
        let position = gather.push(Function::default());
        for &(ncall, time) in costs {
            let ttot = gather.time(time);
            let cost = Cost { ncall, ttot, ..Cost::default() };
            gather.add(position, cost);
        }
        gather.finish()
    }

    #[test]
    fn rows_of_one_function_are_summed() {
        let profile = gathered(&[(2, 0.5), (3, 0.25)]).unwrap();
        assert_eq!(profile.functions[0].cost.ncall, 5);
        assert_eq!(profile.functions[0].cost.ttot, 0.75);
        assert!(profile.counts_calls && profile.origin.warnings.is_empty());
    }

    #[test]
    fn times_below_zero_are_zero_and_told() {
        let profile = gathered(&[(1, -0.5), (1, 0.25)]).unwrap();
        assert_eq!(profile.functions[0].cost.ttot, 0.25);
        assert_eq!(profile.origin.warnings.len(), 1);
    }

    #[test]
    fn a_profile_without_calls_has_not_counted_them() {
        assert!(!gathered(&[(0, 1.0)]).unwrap().counts_calls);
        assert!(Gather::default().finish().unwrap().counts_calls);
    }

    #[test]
    fn refuses_a_sum_that_is_no_number() {
        assert!(gathered(&[(1, f64::MAX), (1, f64::MAX)]).is_err());
    }
}
