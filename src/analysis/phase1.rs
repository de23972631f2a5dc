//! The scaling analysis from end to end: runs in, findings out. Each step is a room of its own.

use crate::analysis::document;
use crate::analysis::document::FunctionGrowth;
use crate::analysis::document::Growth;
use crate::analysis::document::Metrics;
use crate::analysis::document::Phase1;
use crate::analysis::document::RunFigures;
use crate::analysis::identity::FunctionSeries;
use crate::analysis::identity::Table;
use crate::analysis::input::MeasuredRun;
use crate::analysis::input::Settings;
use crate::analysis::pairs;
use crate::error::Error;
use crate::error::Result;
use crate::profile::Cost;
use crate::profile::Profile;

/// Judges how every function's cost grows over `runs`, in any order.
///
/// # Errors
/// When there is no run at all.
pub fn phase1(runs: Vec<MeasuredRun>, settings: &Settings) -> Result<Phase1> {
    if runs.is_empty() {
        return Err(Error::analyse(
            "cannot judge growth: there are no measured runs",
            "run some first, for example `runner --phase 1`",
        ));
    }
    let mut runs = runs;
    runs.sort_by(|a, b| a.size.total_cmp(&b.size).then(a.order.cmp(&b.order)));
    let named: Vec<(&str, f64)> = runs.iter().map(|run| (run.id.as_str(), run.size)).collect();
    let profiles: Vec<Option<&Profile>> = runs.iter().map(|run| run.profile.as_ref()).collect();
    let table = Table::new(&profiles);
    let walls: Vec<Option<f64>> =
        runs.iter().map(|run| run.wall_seconds.first().copied()).collect();
    Ok(Phase1 {
        version: document::VERSION,
        unit: profiles.iter().flatten().map(|p| p.unit).next().unwrap_or_default(),
        size_unit: settings.size_unit.clone(),
        runs: runs.iter().map(figures).collect(),
        program: growth(&named, walls),
        culprits: Vec::new(),
        functions: table.functions.iter().map(|f| function(&named, f)).collect(),
        waiting: Vec::new(),
        speed: document::Speed::default(),
        projection: None,
        skipped: Vec::new(),
        warnings: Vec::new(),
        advice: Vec::new(),
        expected_false_flags: 0.0,
    })
}

fn figures(run: &MeasuredRun) -> RunFigures {
    RunFigures {
        id: run.id.clone(),
        size: run.size,
        wall_seconds: run.wall_seconds.first().copied(),
        repetitions_seconds: run.wall_seconds.clone(),
        busy: None,
        factor: None,
        peak_memory_bytes: run.peak_memory_bytes,
    }
}

fn function(runs: &[(&str, f64)], series: &FunctionSeries) -> FunctionGrowth {
    let metric = |of: fn(&Cost) -> Option<f64>| {
        let values = series.costs.iter().map(|cost| cost.as_ref().and_then(of)).collect();
        Some(growth(runs, values))
    };
    FunctionGrowth {
        name: series.key.name.clone(),
        file: series.key.file.clone(),
        line: series.key.line,
        share_percent: None,
        cumulative_percent: None,
        own_code: true,
        fixed: false,
        decomposition: None,
        metrics: Metrics {
            ttot: metric(|cost| Some(cost.ttot)),
            tsub: metric(|cost| Some(cost.tsub)),
            ncall: metric(|cost| Some(cost.ncall as f64)),
            tavg: metric(Cost::tavg),
        },
    }
}

fn growth(runs: &[(&str, f64)], values: Vec<Option<f64>>) -> Growth {
    Growth { pairs: pairs::log_ratios(runs, &values), values, ..Growth::default() }
}
