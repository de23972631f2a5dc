//! How large a run is: a window of days, or a size of the workload's own.

use chrono::NaiveDate;

/// How large a run is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Extent {
    /// Both days included.
    Window { start: NaiveDate, end: NaiveDate },
    /// In the workload's own unit.
    Size(f64),
}

impl Extent {
    /// The size on the axis of growth: days of a window, both included, or the size itself.
    ///
    /// Example: 2025-01-20 to 2025-01-26 are 7 days.
    pub fn size(self) -> f64 {
        match self {
            Self::Window { start, end } => ((end - start).num_days() + 1) as f64,
            Self::Size(size) => size,
        }
    }

    /// The unit of [`Extent::size`], for people.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Window { .. } => "days",
            Self::Size(_) => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_days(start: &str, end: &str, days: f64) {
        let extent = Extent::Window { start: start.parse().unwrap(), end: end.parse().unwrap() };
        assert_eq!(extent.size(), days);
    }

    #[test]
    fn a_window_counts_both_its_days() {
        check_days("2025-01-20", "2025-01-26", 7.0);
        check_days("2025-01-01", "2025-10-31", 304.0);
        check_days("2024-09-01", "2024-09-30", 30.0);
        check_days("2025-02-01", "2025-02-01", 1.0);
    }
}
