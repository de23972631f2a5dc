//! The options of an adaptive runner.

use clap::Args;
use rust_decimal::Decimal;

use crate::cli::adaptive::picker::Adaptive;
use crate::error::Error;
use crate::error::Result;
use crate::store::Layout;

/// In per cent, where nothing is said.
const USUAL: Decimal = Decimal::from_parts(95, 0, 0, false, 0);
/// Even odds are no confidence.
const LEAST: Decimal = Decimal::from_parts(50, 0, 0, false, 0);

/// Whether runs may be spared.
#[derive(Debug, Clone, Default, Args)]
pub struct Sparing {
    /// Smallest sizes first, and larger ones only while they could change the verdict on a function
    /// that matters; what is skipped stays pending
    #[arg(long, help_heading = "Execute")]
    pub adaptive: bool,

    /// With `--adaptive`: how sure it must be, in per cent, that no verdict would change; 95 when
    /// nothing is said
    #[arg(long, value_name = "PERCENT", requires = "adaptive", help_heading = "Execute")]
    pub confidence: Option<Decimal>,
}

impl Sparing {
    /// Who picks the runs; `None` when none are to be spared.
    ///
    /// `plan_option`: ` --plan FILE`, or nothing for the usual plan.
    ///
    /// # Errors
    /// When the confidence is none.
    pub fn adaptive(&self, layout: Layout, plan_option: String) -> Result<Option<Adaptive>> {
        let confidence = self.confidence.unwrap_or(USUAL);
        if confidence < LEAST || confidence >= Decimal::ONE_HUNDRED {
            return Err(Error::usage(
                format!("`--confidence {confidence}` is not from {LEAST} to below 100 per cent"),
                format!("write for example `--confidence {USUAL}`"),
            ));
        }
        Ok(self.adaptive.then(|| Adaptive::new(layout, plan_option, confidence)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn a_confidence_is_a_percentage_above_even_odds() {
        let check = |percent: &str, is_one: bool| {
            let sparing = Sparing { adaptive: true, confidence: Some(percent.parse().unwrap()) };
            let layout = Layout::new(Path::new("plan.json"));
            assert_eq!(sparing.adaptive(layout, String::new()).is_ok(), is_one, "{percent}");
        };
        for (percent, is_one) in
            [("50", true), ("99.9", true), ("49.9", false), ("100", false), ("-1", false)]
        {
            check(percent, is_one);
        }
    }
}
