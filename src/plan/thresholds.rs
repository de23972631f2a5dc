//! What an optimisation must reach to be accepted, as decimals: presets, and one's own.

use rust_decimal::Decimal;
use serde::Serialize;

/// The presets, in the order of `--help`.
pub const PRESETS: [&str; 3] = ["default", "strict", "lenient"];

/// Limits of a decision; percentages lie between 0 and 100.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Thresholds {
    /// The preset that they are, or begin from.
    pub preset: String,
    #[serde(with = "rust_decimal::serde::float")]
    pub min_improvement_percent: Decimal,
    #[serde(with = "rust_decimal::serde::float")]
    pub confidence_percent: Decimal,
    /// Measured times of each version.
    pub runs: u32,
    #[serde(with = "rust_decimal::serde::float")]
    pub max_memory_growth_percent: Decimal,
    /// Improvement in total at which a sequence is at its goal.
    #[serde(with = "rust_decimal::serde::float")]
    pub goal_percent: Decimal,
}

impl Thresholds {
    /// The preset of that name; `None` when there is none.
    pub fn preset(name: &str) -> Option<Self> {
        let (improvement, confidence, runs, memory, goal) = match name {
            "default" => (5, 95, 10, 2, 40),
            "strict" => (10, 99, 20, 1, 50),
            "lenient" => (2, 90, 10, 10, 20),
            _ => return None,
        };
        Some(Self {
            preset: name.to_string(),
            min_improvement_percent: improvement.into(),
            confidence_percent: confidence.into(),
            runs,
            max_memory_growth_percent: memory.into(),
            goal_percent: goal.into(),
        })
    }

    /// Largest p-value that counts as significant.
    ///
    /// Example: 95 % confidence: 0.05.
    pub fn alpha(&self) -> Decimal {
        Decimal::ONE - self.confidence_percent / Decimal::ONE_HUNDRED
    }
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            preset: "default".into(),
            min_improvement_percent: 5.into(),
            confidence_percent: 95.into(),
            runs: 10,
            max_memory_growth_percent: 2.into(),
            goal_percent: 40.into(),
        }
    }
}

/// `percent` when it may be a threshold called `name`; confidence must leave room for doubt.
///
/// # Errors
/// What is wrong with it, as a phrase.
pub fn checked(name: &str, percent: Decimal) -> Result<Decimal, String> {
    let is_confidence = name.contains("confidence");
    let (least, most) = match is_confidence {
        true => (Decimal::from(50), Decimal::from(99_999) / Decimal::from(1_000)),
        false => (Decimal::ZERO, Decimal::ONE_HUNDRED),
    };
    if percent < least || percent > most {
        let most = if is_confidence { "below 100".to_string() } else { format!("at most {most}") };
        return Err(format!("`{name}` is {percent} %, and must be at least {least} and {most}"));
    }
    Ok(percent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_there_and_the_default_is_the_default() {
        for name in PRESETS {
            assert_eq!(Thresholds::preset(name).unwrap().preset, name);
        }
        assert_eq!(Thresholds::preset("default"), Some(Thresholds::default()));
        assert_eq!(Thresholds::preset("harsh"), None);
        assert_eq!(Thresholds::preset("strict").unwrap().alpha(), Decimal::new(1, 2));
    }

    #[test]
    fn a_threshold_is_a_share() {
        let check = |name: &str, percent: i64, fits: bool| {
            assert_eq!(checked(name, percent.into()).is_ok(), fits, "{name} {percent}");
        };
        check("min_improvement_percent", 0, true);
        check("min_improvement_percent", 100, true);
        check("min_improvement_percent", 101, false);
        check("max_memory_growth_percent", -1, false);
        check("confidence_percent", 95, true);
        check("confidence_percent", 100, false);
        check("confidence_percent", 49, false);
        let why = checked("--confidence", Decimal::from(100)).unwrap_err();
        assert_eq!(why, "`--confidence` is 100 %, and must be at least 50 and below 100");
    }
}
