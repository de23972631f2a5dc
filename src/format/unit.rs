//! Costs as whole numbers, for formats that have no others.

use crate::profile::CostUnit;

/// Whole numbers in one of a profile's units: nanoseconds for times.
///
/// Example: 1.5 s are 1,500,000,000 counts of a nanosecond.
pub fn counts_per(unit: CostUnit) -> f64 {
    match unit {
        CostUnit::WallSeconds | CostUnit::CpuSeconds => 1e9,
        CostUnit::Instructions | CostUnit::Samples => 1.0,
    }
}

/// A cost in those counts, rounded.
pub fn counts(unit: CostUnit, cost: f64) -> u64 {
    (cost * counts_per(unit)).round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_nanoseconds_and_counts_stay() {
        assert_eq!(counts(CostUnit::WallSeconds, 1.5), 1_500_000_000);
        assert_eq!(counts(CostUnit::Instructions, 12.0), 12);
        assert_eq!(counts(CostUnit::Samples, -1.0), 0);
        assert_eq!(counts(CostUnit::CpuSeconds, f64::MAX), u64::MAX);
    }
}
