//! The names that a plan or a command may refer to, from the tables of the rooms that hold them.

use std::sync::LazyLock;

use crate::executor;
use crate::measure;
use crate::plan::convert::Names;
use crate::report;
use crate::stats::Bands;
use crate::workload;

static SAMPLES: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| workload::ALL.iter().map(|sample| sample.name()).collect());
static BACKENDS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| measure::ALL.iter().map(|backend| backend.name()).collect());
static BANDS: LazyLock<Vec<(&'static str, Option<f64>)>> =
    LazyLock::new(|| Bands::default().ends().map(|(band, end)| (band.name(), end)).collect());

/// What this version knows.
pub fn known() -> Names<'static> {
    Names { samples: &SAMPLES, backends: &BACKENDS, executors: executor::NAMES, bands: &BANDS }
}

/// The help of an option that takes a format of reports.
pub fn formats(about: &str) -> String {
    let names: Vec<String> =
        report::ALL.iter().map(|known| format!("`{}`", known.name())).collect();
    format!("{about}: {}", names.join(", "))
}
