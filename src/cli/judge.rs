//! The judging that `analyzer` and `reports` share: from what a person chose to a report.

use std::path::Path;

use clap::Args;

use crate::analysis;
use crate::analysis::Gate;
use crate::analysis::HowToRun;
use crate::analysis::MeasuredRun;
use crate::analysis::Settings;
use crate::analysis::baseline;
use crate::analysis::baseline::Baseline;
use crate::analysis::baseline::Setup;
use crate::analysis::cache_impact;
use crate::analysis::cache_impact::Phase0;
use crate::analysis::json;
use crate::cli::aside;
use crate::cli::bench::trial;
use crate::cli::gating::Gating;
use crate::cli::load;
use crate::cli::load::Loaded;
use crate::cli::records;
use crate::cli::settings;
use crate::cli::shared::Shared;
use crate::cli::shared::plan_option;
use crate::cli::sources;
use crate::cli::timeline;
use crate::cli::workload;
use crate::error::Error;
use crate::error::Result;
use crate::plan::AnalysisSettings;
use crate::plan::CacheUse;
use crate::plan::Extent;
use crate::plan::Plan;
use crate::plan::Run;
use crate::plan::Selection;
use crate::report::More;
use crate::report::Report;
use crate::report::RunRecord;
use crate::report::Subject;
use crate::store::Layout;
use crate::system::file;

/// How to judge.
#[derive(Debug, Clone, Default, Args)]
pub struct Judging {
    /// Measure size by the calls of a function, `calls:NAME` or `calls:FILE:NAME`, or by what the
    /// program counts itself, `counter:NAME`
    #[arg(long, value_name = "MEASURE", help_heading = "How to judge")]
    pub size_by: Option<String>,

    /// Foretell the cost at this size (days of a window, or size)
    #[arg(long, value_name = "SIZE", help_heading = "How to judge")]
    pub at: Option<f64>,

    /// Judge the runs of this workload, where a phase has several
    #[arg(long, value_name = "NAME", help_heading = "What to judge")]
    pub workload: Option<String>,

    /// Judge by calls, counters and instructions alone, which a busy machine does not change
    #[arg(long, help_heading = "How to judge")]
    pub counts_only: bool,

    #[command(flatten)]
    pub gating: Gating,

    #[arg(skip)]
    pub scope: Scope,

    /// How often each size was measured, where a scan is judged.
    #[arg(skip)]
    pub scanned: Option<u32>,
}

/// How much is worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scope {
    /// The findings alone.
    #[default]
    Findings,
    /// And what a report shows beside them.
    Everything,
}

/// What was found, and whether the gate lets it pass.
#[derive(Debug)]
pub struct Judged {
    pub report: Report,
    /// `None` without a limit.
    pub gate: Option<Gate>,
    /// What a baseline would keep; `None` of what has no growth.
    pub baseline: Option<Baseline>,
}

impl Judging {
    /// The same with all that a report shows.
    #[must_use]
    pub fn whole(self) -> Self {
        Self { scope: Scope::Everything, ..self }
    }

    /// # Errors
    /// When the target is no size.
    pub fn check_target(&self) -> Result<()> {
        settings::check_target(self.at)
    }

    /// Refuses to judge by counts alone what is not judged by them.
    ///
    /// # Errors
    /// When that was asked for.
    pub fn refuse_counts_only(&self, what: &str) -> Result<()> {
        match self.counts_only {
            false => Ok(()),
            true => Err(Error::usage(
                format!("`--counts-only` has nothing to judge: {what} is not judged by counts"),
                "use it with `--phase 1` or `--profiles`",
            )),
        }
    }

    /// The settings for the loaded runs, with what the command line says.
    fn settings(&self, loaded: &Loaded, said: &AnalysisSettings) -> Result<Settings> {
        let settings = settings::of(loaded, said, self.size_by.as_deref(), self.at)?;
        Ok(Settings { counts_only: self.counts_only, ..settings })
    }
}

impl Judged {
    /// Of what has no verdicts.
    pub fn without_growth(report: Report) -> Self {
        Self { report, gate: None, baseline: None }
    }

    /// Tells what the gate says, when there is one; the exit code that it means.
    pub fn pass(&self, judging: &Judging) -> u8 {
        self.gate.as_ref().map_or(0, |gate| judging.gating.tell(gate))
    }
}

/// Judges the runs of one phase: 0 probes the cache, every other one is a scaling series. The
/// analysis is kept in `profiling/phaseN_analysis.json`, or `phaseN_WORKLOAD_analysis.json` where
/// the phase has several workloads.
///
/// # Errors
/// When the plan is refused, the phase is unknown, or there is nothing to judge.
pub fn phase(shared: &Shared, number: u32, judging: &Judging) -> Result<Judged> {
    judging.gating.limit()?;
    let mut store = shared.store();
    let layout = store.layout().clone();
    let plan = store.read()?;
    let chosen = workload::chosen(plan, number, judging.workload.as_deref())?;
    let selection = Selection::Phase(number).filtered(chosen.filter());
    let loaded = load::selected(plan, &layout, &selection)?;
    let runs = records::of(plan, &selection);
    let kept = layout.profiling().join(chosen.file_name(number));
    file::create_folder(&layout.profiling())?;
    if number == 0 {
        judging.gating.refuse("the cache probe")?;
        judging.refuse_counts_only("the cache probe")?;
        let found = cache(plan, &loaded)?;
        file::replace(&kept, json::pretty(&found)?.as_bytes())?;
        return Ok(Judged::without_growth(Report::new(Subject::Cache(Box::new(found)), runs)));
    }
    let how = how_to_run(shared, plan, number, judging);
    let said = &plan.settings.analysis;
    let place = Place { folder: Some(layout.root()), runs };
    let mut judged = scaling(loaded, said, Some(how), place, judging)?;
    if judging.scope == Scope::Everything {
        judged.report.more.cache = probe(plan, &layout).map(Box::new);
        judged.report.more.memory = timeline::of(plan, &layout, &selection);
        judged.report.more.benchmarks = trial::decided(plan, &layout);
    }
    file::replace(&kept, analysis_json(&judged.report)?.as_bytes())?;
    Ok(judged)
}

/// Puts chosen runs side by side.
///
/// # Errors
/// When fewer than two are named, one is unknown or unfinished, or two have one size.
pub fn runs(shared: &Shared, ids: &[String], judging: &Judging) -> Result<Judged> {
    judging.gating.refuse("a comparison of runs")?;
    judging.refuse_counts_only("a comparison of runs")?;
    let mut store = shared.store();
    let layout = store.layout().clone();
    let plan = store.read()?;
    let selection = Selection::Runs(ids.to_vec());
    let loaded = load::selected(plan, &layout, &selection)?;
    workload::refuse_several(plan, &selection)?;
    let settings = judging.settings(&loaded, &plan.settings.analysis)?;
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let found = analysis::pair::pair(&loaded.runs, &ids, &settings)?;
    let runs = records::of(plan, &selection);
    Ok(Judged::without_growth(Report::new(Subject::Comparison(Box::new(found)), runs)))
}

/// Where one run of the plan, or one profile made elsewhere, spends its time.
///
/// # Errors
/// When there is neither, or it has no profile.
pub fn bottlenecks(
    shared: &Shared,
    name: &str,
    per: Option<&str>,
    judging: &Judging,
) -> Result<Judged> {
    judging.gating.refuse("a single run")?;
    judging.refuse_counts_only("a single run")?;
    let iteration = per.map(settings::counted).transpose()?;
    let (loaded, said, runs) = match load::lone_file(shared, name)? {
        Some(loaded) => (loaded, settings::said(shared)?, Vec::new()),
        None => {
            let mut store = shared.store();
            let layout = store.layout().clone();
            let plan = store.read()?;
            let selection = workload::beside(plan, name)?;
            let loaded = load::selected(plan, &layout, &selection)?;
            let records = records::of(plan, &Selection::Runs(vec![name.to_string()]));
            (loaded, plan.settings.analysis.clone(), records)
        }
    };
    let settings = judging.settings(&loaded, &said)?;
    let found = analysis::bottlenecks(&loaded.runs, name, iteration.as_deref(), &settings)?;
    Ok(Judged::without_growth(Report::new(Subject::Bottlenecks(Box::new(found)), runs)))
}

/// Judges profiles that were made elsewhere.
///
/// # Errors
/// When a file cannot be read or there is nothing to judge.
pub fn profiles(shared: &Shared, pairs: &[String], judging: &Judging) -> Result<Judged> {
    judging.gating.limit()?;
    let said = settings::said(shared)?;
    let place = Place { folder: None, runs: Vec::new() };
    scaling(load::files(pairs)?, &said, None, place, judging)
}

/// The analysis alone, as JSON.
///
/// # Errors
/// A bug.
pub fn analysis_json(report: &Report) -> Result<String> {
    match &report.subject {
        Subject::Cache(found) => json::pretty(found),
        Subject::Scaling(found) => found.to_json(),
        Subject::Workloads(found) => json::pretty(found),
        Subject::Comparison(found) => json::pretty(found),
        Subject::Sets(found) => json::pretty(found),
        Subject::Against(found) => found.to_json(),
        Subject::Measurements(found) => found.to_json(),
        Subject::Benchmark(found) => found.to_json(),
        Subject::Sequence(found) => found.to_json(),
        Subject::Bottlenecks(found) => json::pretty(found),
    }
}

/// Where runs come from.
struct Place<'a> {
    /// That of the plan.
    folder: Option<&'a Path>,
    runs: Vec<RunRecord>,
}

fn scaling(
    loaded: Loaded,
    said: &AnalysisSettings,
    how_to_run: Option<HowToRun>,
    place: Place<'_>,
    judging: &Judging,
) -> Result<Judged> {
    let settings = Settings { how_to_run, ..judging.settings(&loaded, said)? };
    let mut found = analysis::phase1(&loaded.runs, &settings)?;
    let mut more = match judging.scope {
        Scope::Findings => More::default(),
        Scope::Everything => aside::more(&loaded, &settings, &found),
    };
    more.sources = sources::of(&found, place.folder);
    let setup = setup(&loaded, &place.runs);
    found.warnings.extend(loaded.warnings);
    let gate = judging.gating.scaling(&found, &settings.bands)?;
    let baseline = baseline::of_scaling(&found, setup, &more.sources);
    let report = Report { subject: Subject::Scaling(Box::new(found)), runs: place.runs, more };
    Ok(Judged { report, gate, baseline: Some(baseline) })
}

/// The backend and the machine, where all runs have the same.
fn setup(loaded: &Loaded, runs: &[RunRecord]) -> Setup {
    let backends = loaded.runs.iter().filter_map(|run| run.profile.as_ref());
    let backends = backends.map(|profile| profile.origin.backend.clone());
    let machines = runs.iter().filter_map(|run| run.machine.as_ref());
    let machines = machines.map(|machine| format!("{}, {} cores", machine.cpu, machine.cores));
    Setup { backend: only(backends), machine: only(machines) }
}

/// The one text that all are; `None` of several, or of empty ones.
fn only(mut all: impl Iterator<Item = String>) -> Option<String> {
    let first = all.next().filter(|first| !first.is_empty())?;
    all.all(|other| other == first).then_some(first)
}

/// What the cache saves, where the plan has a finished probe.
fn probe(plan: &Plan, layout: &Layout) -> Option<Phase0> {
    let loaded = load::selected(plan, layout, &Selection::Phase(0)).ok()?;
    cache(plan, &loaded).ok()
}

fn how_to_run(shared: &Shared, plan: &Plan, phase: u32, judging: &Judging) -> HowToRun {
    let first_day = |run: &Run| match run.extent {
        Extent::Window { start, .. } => Some(start),
        Extent::Size(_) => None,
    };
    let of_phase = || plan.runs.values().filter(|run| run.phase == phase);
    HowToRun {
        plan_option: plan_option(&shared.plan),
        phase,
        workload: judging.workload.clone(),
        first_day: of_phase().filter_map(first_day).min(),
        repetitions: of_phase().map(|run| run.repetitions).max().unwrap_or(1),
        scanned: judging.scanned,
    }
}

fn cache(plan: &Plan, loaded: &Loaded) -> Result<Phase0> {
    let side = |wanted: CacheUse| -> Vec<MeasuredRun> {
        let is_wanted = |planned: &Run| planned.cache == wanted;
        let planned = |run: &&MeasuredRun| plan.runs.get(run.id.as_str()).is_some_and(is_wanted);
        let first = loaded.runs.iter().find(planned).map(|run| &run.id);
        loaded.runs.iter().filter(|run| Some(&run.id) == first).cloned().collect()
    };
    cache_impact::phase0(&side(CacheUse::Cold), &side(CacheUse::Warm))
}
