//! The scaling analysis from end to end: runs in, findings out. Each step is a room of its own.

use crate::analysis::advice;
use crate::analysis::counters;
use crate::analysis::culprit::coming;
use crate::analysis::culprit::culprits;
use crate::analysis::culprit::why;
use crate::analysis::document;
use crate::analysis::document::Growth;
use crate::analysis::document::Phase1;
use crate::analysis::document::Skipped;
use crate::analysis::forecast;
use crate::analysis::forecast::Forecast;
use crate::analysis::functions;
use crate::analysis::functions::Judged;
use crate::analysis::growth::Fit;
use crate::analysis::growth::Kind;
use crate::analysis::input::MeasuredRun;
use crate::analysis::input::Settings;
use crate::analysis::own_costs;
use crate::analysis::runs::Ordered;
use crate::analysis::runs::SizedRun;
use crate::analysis::survey::Survey;
use crate::analysis::warm_up;
use crate::error::Error;
use crate::error::Result;
use crate::profile::CostUnit;

/// Relative scatter taken for peak memory, which allocators hand out in steps.
const MEMORY_FLOOR: f64 = 0.02;

/// Judges how every function's cost grows over `runs`, in any order.
///
/// # Errors
/// When no run has a size, or sizes are to be counted by a function that is unknown or ambiguous.
/// Odd data is no error: what cannot be judged is skipped with a reason.
pub fn phase1(runs: &[MeasuredRun], settings: &Settings) -> Result<Phase1> {
    let (survey, ordered) = Survey::of(runs, settings)?;
    let has_counts = survey.counts_calls
        || survey.unit == CostUnit::Instructions
        || ordered.runs.iter().any(|run| !run.counters.is_empty());
    if settings.counts_only && survey.busy.largest.is_some() && !has_counts {
        return Err(Error::analyse(
            "nothing was counted, so there is nothing to judge by counts alone",
            "leave out `--counts-only`, or profile with a backend that counts calls",
        ));
    }
    let sized = &ordered.runs;
    let walls = ordered.walls();
    let (program, whole) = program(&survey, &walls, settings);
    let blames = culprits::blames(&survey);
    let own = own_costs::own_costs(&survey, settings);
    let makers = why::by_function(&survey, &blames);
    let judged = functions::functions(&survey, &own, &makers, settings);
    let forecast = settings.target_size.map(|size| Forecast::new(&survey, &own, size));
    let target = forecast.as_ref().zip(settings.target_size).map(|(all, size)| all.at(size));
    let culprits = culprits::culprits(&survey, &blames, target.as_ref());
    let coming = target.as_ref().map(|at| coming::coming(&survey, &own, &blames, at));
    let mut skipped = ordered.skipped.clone();
    skipped.extend(judged.skipped.iter().cloned());
    skipped.extend(without_profile(&survey, sized));
    Ok(Phase1 {
        version: document::VERSION,
        unit: survey.unit,
        size_unit: ordered.size_unit.clone(),
        runs: sized
            .iter()
            .enumerate()
            .map(|(position, run)| survey.run_figures(position, run))
            .collect(),
        counters: counters::growths(&survey.judge, sized, &settings.size_by),
        program,
        memory: memory(&survey, sized),
        expected_false_flags: culprits::expected_false_flags(&culprits),
        culprits,
        coming: coming.unwrap_or_default(),
        warnings: warnings(&survey, &whole, &judged, &ordered, settings),
        functions: judged.functions,
        others: judged.others,
        waiting: functions::waiting(&survey),
        speed: survey.pace.speed.clone(),
        projection: forecast.as_ref().zip(target.as_ref()).map(|(forecast, at)| {
            match settings.leaves_out(survey.unit) {
                true => forecast::of_program(&whole, at.size),
                false => forecast::projection(forecast, at, &whole, &walls),
            }
        }),
        skipped,
        advice: advice::advice(&survey, &blames, &whole, &ordered, settings),
    })
}

/// Growth of the whole program's wall time; `walls`: one per run.
pub fn program(survey: &Survey, walls: &[Option<f64>], settings: &Settings) -> (Growth, Fit) {
    let fit = survey.wall_growth(walls);
    let fit = if settings.counts_only { fit.unjudged() } else { fit };
    let growth = survey.judge.growth_with_curve(&fit, walls.to_vec(), settings.target_size);
    (growth, fit)
}

/// Growth of the largest memory that the program held.
fn memory(survey: &Survey, runs: &[SizedRun]) -> Option<Growth> {
    let peaks: Vec<Option<f64>> =
        runs.iter().map(|run| run.peak_memory_bytes.map(|bytes| bytes as f64)).collect();
    peaks.iter().any(Option::is_some).then(|| {
        let fit = survey.judge.fit(&peaks, Kind::Time(MEMORY_FLOOR));
        survey.judge.growth_with_curve(&fit, peaks, None)
    })
}

fn without_profile(survey: &Survey, runs: &[SizedRun]) -> Vec<Skipped> {
    runs.iter()
        .zip(&survey.busy.costs)
        .filter(|(_, busy)| busy.is_none())
        .map(|(run, _)| {
            let reason = "no profile of it can be compared; only its wall time is used";
            Skipped::run(&run.name, reason.into())
        })
        .collect()
}

fn warnings(
    survey: &Survey,
    program: &Fit,
    judged: &Judged,
    ordered: &Ordered,
    settings: &Settings,
) -> Vec<String> {
    let mut warnings = program.warnings();
    warnings.extend(survey.pace.warnings.iter().cloned());
    warnings.extend(warm_up::warning(&ordered.runs));
    if survey.busy.largest.is_some() {
        if !survey.counts_calls {
            warnings.push(
                "the profiles are samples without call counts: growth is judged by self cost alone"
                    .into(),
            );
        }
        if survey.table.edges.is_empty() {
            warnings.push(
                "the profiles keep no call edges: callers cannot be seen, and functions that are \
                 called too often are named themselves"
                    .into(),
            );
        }
    }
    if settings.leaves_out(survey.unit) {
        warnings.push(
            "only the calls of functions were judged, not what they cost: a loop inside one \
             function is not seen, and nothing is foretold of functions"
                .into(),
        );
    }
    warnings.extend(judged.in_brief());
    warnings
}
