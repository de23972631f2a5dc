//! `runner --list-samples`: what is embedded, how it grows by design, at which sizes it is run.

use serde::Serialize;

use crate::cli::listing;
use crate::cli::listing::Side;
use crate::error::Error;
use crate::error::Result;
use crate::workload;
use crate::workload::Expected;
use crate::workload::Growth;
use crate::workload::Quantity;
use crate::workload::Sample;

/// All samples as a table.
pub fn table() -> String {
    let left = Side::Left;
    let head = [("sample", left), ("grows", left), ("sizes", left), ("what it does", left)];
    let rows: Vec<Vec<String>> = workload::ALL.into_iter().map(row).collect();
    listing::table(&head, &rows)
}

/// All samples as JSON.
///
/// # Errors
/// A bug.
pub fn json() -> Result<String> {
    let samples: Vec<Described> = workload::ALL.into_iter().map(described).collect();
    let text =
        serde_json::to_string_pretty(&samples).map_err(|error| Error::bug(error.to_string()))?;
    Ok(text + "\n")
}

fn row(sample: &dyn Sample) -> Vec<String> {
    let sizes = sample.sizes();
    let usual: Vec<String> = sizes.usual.iter().map(u64::to_string).collect();
    vec![
        sample.name().into(),
        grows(sample.expected()),
        format!("{} {}", usual.join(", "), sizes.unit),
        sample.about().into(),
    ]
}

/// The steepest declared growth, and where it is more than linear the function that has it.
fn grows(expected: &[Expected]) -> String {
    let Some(steepest) = expected.iter().max_by_key(|one| one.growth) else { return String::new() };
    match steepest.growth {
        Growth::Constant | Growth::Linear => steepest.growth.class().into(),
        Growth::NLogN | Growth::Quadratic => {
            format!("{} ({} of {})", steepest.growth.class(), word(steepest), steepest.function)
        }
    }
}

fn word(expected: &Expected) -> &'static str {
    match expected.quantity {
        Quantity::Calls => "calls",
        Quantity::SelfTime => "self time",
    }
}

fn described(sample: &dyn Sample) -> Described {
    let sizes = sample.sizes();
    Described {
        name: sample.name(),
        about: sample.about(),
        size_unit: sizes.unit,
        sizes: sizes.usual,
        expected: sample
            .expected()
            .iter()
            .map(|one| DescribedGrowth {
                function: one.function,
                metric: match one.quantity {
                    Quantity::Calls => "ncall",
                    Quantity::SelfTime => "tsub",
                },
                class: one.growth.class(),
            })
            .collect(),
    }
}

#[derive(Debug, Serialize)]
struct Described {
    name: &'static str,
    about: &'static str,
    size_unit: &'static str,
    sizes: &'static [u64],
    expected: Vec<DescribedGrowth>,
}

#[derive(Debug, Serialize)]
struct DescribedGrowth {
    function: &'static str,
    metric: &'static str,
    class: &'static str,
}
