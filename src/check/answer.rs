//! Why an assertion failed, in the words and the plot that a person needs to mend it.

use std::fmt;

use crate::analysis::document;
use crate::check::series::Series;
use crate::report::figure;
use crate::report::plot::Plot;
use crate::stats::Class;
use crate::units::Seconds;

/// Why an assertion on growth does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    text: String,
}

impl Failure {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }

    /// A series that grows faster than `class`.
    pub(super) fn above(series: &Series, growth: &document::Growth, class: Class) -> Self {
        Self::new(told(series, growth, &format!("more than {} allows", in_words(class))))
    }

    /// One that may.
    pub(super) fn open(series: &Series, growth: &document::Growth, class: Class) -> Self {
        let why = growth.note.as_deref().unwrap_or("the interval holds the limit");
        let claim =
            format!("and it cannot be told whether that is within {}: {why}", in_words(class));
        Self::new(told(series, growth, &claim))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Failure {}

fn told(series: &Series, growth: &document::Growth, claim: &str) -> String {
    let power = figure::power(growth.exponent, growth.low, growth.high);
    let band = growth.band.as_deref();
    let estimate: Vec<&str> = [power.as_deref(), band].into_iter().flatten().collect();
    let mut lines = vec![format!("{} {claim}: {}", series.subject, estimate.join(", "))];
    lines.extend(series.note.clone());
    lines.extend(plot(series, growth).iter().flat_map(Plot::lines));
    lines.extend(series.points.iter().map(|(size, value)| {
        format!("  {}: {}", figure::size(*size, "size"), said(series, *value))
    }));
    lines.join("\n")
}

fn plot(series: &Series, growth: &document::Growth) -> Option<Plot> {
    let fitted: Vec<(f64, f64)> = series
        .points
        .iter()
        .zip(&growth.fitted)
        .filter_map(|((size, _), value)| Some((*size, (*value)?)))
        .collect();
    let size = |size: f64| figure::count(Some(size));
    Plot::new(&series.points, &fitted, |value| said(series, value), size)
}

fn said(series: &Series, value: f64) -> String {
    if series.is_time { Seconds(value).to_string() } else { figure::count(Some(value)) }
}

fn in_words(class: Class) -> String {
    match class {
        Class::Constant => "constant growth".into(),
        other => other.to_string(),
    }
}
