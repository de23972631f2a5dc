//! One judged thing as plain data, the same for every format that a machine reads.

use rust_decimal::Decimal;

use crate::analysis::document::Growth;
use crate::report::machine::alarm::Alarm;
use crate::report::machine::written;
use crate::report::plot::Plot;

/// What was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A place to mend.
    Culprit,
    /// The whole program by its wall time.
    Program,
    /// The whole program by its peak memory.
    Memory,
    /// What the program counted itself.
    Counter,
    /// Figures that were measured elsewhere.
    Measurement,
    /// A function, whether it is to be mended or not.
    Function,
}

/// How one metric of one thing grows.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    pub kind: Kind,
    /// On one line, never empty.
    pub name: String,
    /// As the profile names it; empty where unknown.
    pub file: String,
    /// The file from the folder that the command was called in, where it lies below that.
    pub source: Option<String>,
    /// From 1.
    pub line: Option<u32>,
    /// `tsub`, `ttot`, `ncall`, `tavg`, `wall`, `memory`, `counter` or `value`.
    pub metric: &'static str,
    pub growth: Growth,
    /// At the largest size, in `unit`.
    pub value: Option<f64>,
    /// `seconds`, `instructions`, `samples`, `calls`, `bytes`; empty where unknown.
    pub unit: &'static str,
    /// Of the busy time at the largest size, in per cent.
    pub share_percent: Option<Decimal>,
    /// The largest size.
    pub size: Option<f64>,
    /// What it is foretold to be at `foretold_size`.
    pub foretold: Option<f64>,
    pub foretold_size: Option<f64>,
    /// `None` for what a gate lets pass.
    pub alarm: Option<Alarm>,
    /// A sentence, or several.
    pub message: String,
    pub plot: Option<Plot>,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Culprit => "culprit",
            Kind::Program => "program",
            Kind::Memory => "memory",
            Kind::Counter => "counter",
            Kind::Measurement => "measurement",
            Kind::Function => "function",
        }
    }
}

impl Judged {
    /// One that is called `name` and grows like this; the rest is unknown.
    pub fn new(kind: Kind, name: &str, metric: &'static str, growth: &Growth) -> Self {
        Self {
            kind,
            name: written::named(name),
            file: String::new(),
            source: None,
            line: None,
            metric,
            // The values themselves are of no use to these formats.
            growth: Growth {
                exponent: growth.exponent,
                low: growth.low,
                high: growth.high,
                class: growth.class.clone(),
                class_set: growth.class_set.clone(),
                p_superlinear: growth.p_superlinear,
                verdict: growth.verdict,
                band: growth.band.clone(),
                fixed_share: growth.fixed_share,
                noise: growth.noise,
                ..Growth::default()
            },
            value: None,
            unit: "",
            share_percent: None,
            size: None,
            foretold: None,
            foretold_size: None,
            alarm: None,
            message: String::new(),
            plot: None,
        }
    }

    /// From the folder of the command where the file lies below that, else as the profile names it.
    pub fn shown_file(&self) -> &str {
        self.source.as_deref().unwrap_or(&self.file)
    }

    /// Whether its file is one that a person could open, and not a word of an interpreter.
    pub fn has_file(&self) -> bool {
        !self.file.is_empty() && !self.file.starts_with(['<', '~', '[', '?'])
    }
}
