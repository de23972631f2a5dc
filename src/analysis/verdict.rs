//! The words of a judgement: what it is of, and how it ends.

use std::fmt;

use serde::Deserialize;
use serde::Serialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Verdict {
    #[serde(rename = "superlinear")]
    Superlinear,
    /// Steep, but on too little evidence to be sure.
    #[serde(rename = "suspected")]
    Suspected,
    #[default]
    #[serde(rename = "cannot tell")]
    CannotTell,
    #[serde(rename = "not superlinear")]
    NotSuperlinear,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum MetricName {
    Ttot,
    Tsub,
    Ncall,
    Tavg,
    /// Wall time of the whole program.
    Wall,
}

impl Verdict {
    /// Position from the most to the least alarming, from 0.
    pub fn rank(self) -> u8 {
        match self {
            Self::Superlinear => 0,
            Self::Suspected => 1,
            Self::CannotTell => 2,
            Self::NotSuperlinear => 3,
        }
    }

    /// The word in documents and on the terminal.
    pub fn name(self) -> &'static str {
        match self {
            Self::Superlinear => "superlinear",
            Self::Suspected => "suspected",
            Self::CannotTell => "cannot tell",
            Self::NotSuperlinear => "not superlinear",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
