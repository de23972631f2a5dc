//! What of a run weighs: shares of the busy cost, by function, module and kind of work.

use std::collections::BTreeMap;

use crate::analysis::bottleneck::document::Bottleneck;
use crate::analysis::bottleneck::document::Bottlenecks;
use crate::analysis::bottleneck::document::Mark;
use crate::analysis::bottleneck::document::OneRun;
use crate::analysis::bottleneck::document::Part;
use crate::analysis::bottleneck::document::PerIteration;
use crate::analysis::category;
use crate::analysis::input::MeasuredRun;
use crate::analysis::input::Settings;
use crate::analysis::input::SizeBy;
use crate::analysis::middle;
use crate::analysis::runs::SizedRun;
use crate::analysis::share;
use crate::analysis::size;
use crate::analysis::start_up;
use crate::analysis::survey::Survey;
use crate::error::Error;
use crate::error::Result;
use crate::profile::Cost;
use crate::profile::FunctionKey;

/// Functions in each list of the costliest.
const TOP: usize = 20;

/// Where the run named `id` spends its time.
///
/// Of several repetitions it is the typical one by busy cost.
///
/// `runs`: all measured runs, since fixed and variable cost are told apart by how they grow;
/// `iteration`: the function whose calls are units of work.
///
/// # Errors
/// When the run is unknown, has no usable profile, or the function is unknown or ambiguous.
pub fn bottlenecks(
    runs: &[MeasuredRun],
    id: &str,
    iteration: Option<&str>,
    settings: &Settings,
) -> Result<Bottlenecks> {
    let known = || runs.iter().map(|run| run.id.as_str());
    if !runs.iter().any(|run| run.id == id) {
        return Err(Error::unknown("measured run", id, known()));
    }
    let settings = Settings { counts_only: true, ..settings.clone() };
    let (mut survey, ordered) = Survey::of(runs, &settings)?;
    let of_run = ordered.runs.iter().zip(&survey.busy.costs);
    let costs = of_run.map(|(run, cost)| cost.filter(|_| run.name.id == id));
    let position = middle::typical(costs).ok_or_else(|| without_profile(id))?;
    survey.busy.largest = Some(position);
    let all: Vec<Bottleneck> = (0..survey.table.functions.len())
        .filter_map(|function| bottleneck(&survey, function, position, &settings))
        .collect();
    let is_told = start_up::can_be_told(&survey);
    Ok(Bottlenecks {
        unit: survey.unit,
        size_unit: ordered.size_unit.clone(),
        run: one_run(&survey, position, &ordered.runs[position], &settings),
        functions: listed(&all),
        fixed: is_told.then(|| part("fixed", working(&all).filter(|f| f.fixed), &survey)),
        variable: is_told.then(|| part("variable", working(&all).filter(|f| !f.fixed), &survey)),
        modules: parts(working(&all), |function| &function.module, &survey),
        categories: parts(all.iter(), |function| &function.category, &survey),
        top_ttot: top(&all, |function| function.ttot),
        top_tsub: top(&all, |function| function.tsub),
        per_iteration: iteration
            .map(|name| per_iteration(&survey, name, position, ordered.runs[position].wall_seconds))
            .transpose()?,
        memory: None,
        advice: Vec::new(),
    })
}

fn one_run(survey: &Survey, position: usize, run: &SizedRun, settings: &Settings) -> OneRun {
    let figures = survey.run_figures(position, run);
    OneRun {
        id: figures.id,
        repetition: figures.repetition,
        size: (settings.size_by != SizeBy::Unknown).then_some(figures.size),
        wall_seconds: figures.wall_seconds,
        busy: figures.busy,
        factor: figures.factor,
        peak_memory_bytes: figures.peak_memory_bytes,
    }
}

fn without_profile(id: &str) -> Error {
    Error::analyse(
        format!("cannot look for bottlenecks: `{id}` has no profile that can be compared"),
        format!(
            "run it again with a profiler, for example `runner --reset {id}` and `runner --run {id}`"
        ),
    )
}

fn bottleneck(
    survey: &Survey,
    function: usize,
    run: usize,
    settings: &Settings,
) -> Option<Bottleneck> {
    let series = &survey.table.functions[function];
    let Cost { ncall, tsub, ttot, .. } = series.costs[run]?;
    if !tsub.is_finite() || !ttot.is_finite() {
        return None;
    }
    let (waits, own_code) = (survey.waits[function], survey.own_code[function]);
    let share = survey.busy.share(tsub).filter(|_| !waits);
    let FunctionKey { name, file, line } = series.key.clone();
    Some(Bottleneck {
        name,
        file,
        line,
        ncall,
        tsub,
        ttot,
        share_percent: share,
        cumulative_percent: survey.busy.share(ttot).filter(|_| !waits),
        mark: Mark::of(share),
        category: category::category(&series.key, waits, own_code, &settings.categories),
        module: category::module(&series.key).into(),
        own_code,
        fixed: start_up::is_start_up(survey, function),
    })
}

/// What does not wait.
fn working(all: &[Bottleneck]) -> impl Iterator<Item = &Bottleneck> {
    all.iter().filter(|function| function.share_percent.is_some())
}

fn listed(all: &[Bottleneck]) -> Vec<Bottleneck> {
    let mut listed: Vec<Bottleneck> =
        all.iter().filter(|function| function.mark > Mark::Small).cloned().collect();
    listed.sort_by(|left, right| right.tsub.total_cmp(&left.tsub));
    listed
}

fn top(all: &[Bottleneck], cost: fn(&Bottleneck) -> f64) -> Vec<Bottleneck> {
    let mut order: Vec<&Bottleneck> = working(all).collect();
    order.sort_by(|left, right| cost(right).total_cmp(&cost(left)));
    order.into_iter().take(TOP).cloned().collect()
}

fn part<'a>(name: &str, functions: impl Iterator<Item = &'a Bottleneck>, survey: &Survey) -> Part {
    let (count, cost) = functions
        .fold((0, 0.0), |(count, cost), function| (count + 1, cost + function.tsub.max(0.0)));
    Part { name: name.into(), functions: count, cost, share_percent: survey.busy.share(cost) }
}

/// Self cost by module or category, the costliest first.
fn parts<'a>(
    functions: impl Iterator<Item = &'a Bottleneck>,
    name: fn(&Bottleneck) -> &String,
    survey: &Survey,
) -> Vec<Part> {
    let mut groups: BTreeMap<&String, Vec<&Bottleneck>> = BTreeMap::new();
    for function in functions {
        groups.entry(name(function)).or_default().push(function);
    }
    let whole: f64 = groups.values().flatten().map(|function| function.tsub.max(0.0)).sum();
    let mut parts: Vec<Part> = groups
        .into_iter()
        .map(|(name, functions)| {
            let mut part = part(name, functions.into_iter(), survey);
            if name == category::WAITING {
                part.share_percent = share::percent(part.cost, whole);
            }
            part
        })
        .collect();
    parts.sort_by(|left, right| right.cost.total_cmp(&left.cost));
    parts
}

/// Example: 12 s of work in 3,000 calls are 4 ms each.
fn per_iteration(
    survey: &Survey,
    name: &str,
    run: usize,
    wall: Option<f64>,
) -> Result<PerIteration> {
    let function = size::find(name, &survey.table.functions)?;
    let calls = function.costs[run].map_or(0, |cost| cost.ncall);
    if calls == 0 {
        return Err(Error::analyse(
            format!("cannot tell the cost of an iteration: `{name}` is not called in this run"),
            "name a function that is called once per unit of work",
        ));
    }
    Ok(PerIteration {
        function: function.key.name.clone(),
        calls,
        busy: survey.busy.at_largest() / calls as f64,
        wall_seconds: wall.map(|seconds| seconds / calls as f64),
    })
}

#[cfg(test)]
mod tests {
    use crate::profile::Function;
    use crate::profile::Profile;

    use rust_decimal::Decimal;

    use super::*;

    /// Ten seconds of work at size 1 and, but for `setup`, ten times that at size 10.
    fn runs() -> Vec<MeasuredRun> {
        let rows = [
            ("setup", "a.py", 1, 0.4),
            ("on_iteration", "a.py", 100, 8.0),
            ("concat", "/v/site-packages/pandas/c.py", 100, 1.0),
            ("<built-in method builtins.isinstance>", "~", 900, 0.56),
            ("tiny", "a.py", 50, 0.04),
            ("<built-in method time.sleep>", "~", 50, 30.0),
        ];
        [1.0, 2.0, 10.0]
            .iter()
            .map(|&size| MeasuredRun {
                id: format!("r{size}"),
                size,
                wall_seconds: Some(40.0 * size),
                profile: Some(Profile {
                    counts_calls: true,
                    functions: rows
                        .iter()
                        .map(|&(name, file, ncall, tsub)| {
                            let grown = if name == "setup" { 1.0 } else { size };
                            Function {
                                key: FunctionKey {
                                    name: name.into(),
                                    file: file.into(),
                                    line: u32::from(file != "~"),
                                },
                                cost: Cost {
                                    ncall: (f64::from(ncall) * grown) as u64,
                                    nactual: 1,
                                    tsub: tsub * grown,
                                    ttot: tsub * grown,
                                },
                            }
                        })
                        .collect(),
                    ..Profile::default()
                }),
                ..MeasuredRun::default()
            })
            .collect()
    }

    #[test]
    fn what_weighs_is_listed_with_its_mark() {
        let found = bottlenecks(&runs(), "r1", Some("on_iteration"), &Settings::default()).unwrap();
        let listed: Vec<(&str, Mark)> =
            found.functions.iter().map(|f| (f.name.as_str(), f.mark)).collect();
        assert_eq!(
            listed,
            [
                ("on_iteration", Mark::Critical),
                ("concat", Mark::Critical),
                ("<built-in method builtins.isinstance>", Mark::Major),
                ("setup", Mark::Minor),
            ]
        );
        assert_eq!(found.fixed.unwrap().share_percent, Some(Decimal::from(4)));
        assert_eq!(found.variable.unwrap().share_percent, Some(Decimal::from(96)));
        let categories: Vec<(&str, String)> = found
            .categories
            .iter()
            .map(|part| (part.name.as_str(), part.share_percent.unwrap().to_string()))
            .collect();
        assert_eq!(
            categories,
            [
                ("waiting", "75".to_string()),
                ("own code", "84.4".into()),
                ("data", "10".into()),
                ("type checks", "5.6".into()),
            ]
        );
        let modules: Vec<&str> = found.modules.iter().map(|part| part.name.as_str()).collect();
        assert_eq!(modules, ["a.py", "pandas", "built-in"]);
        assert_eq!(found.top_tsub.len(), 5);
        // 10 s of work and 40 s in all, over 100 calls.
        let each = found.per_iteration.unwrap();
        assert!((each.busy - 0.1).abs() < 1e-9);
        assert_eq!(each.wall_seconds, Some(0.4));
    }

    #[test]
    fn a_run_must_be_known_and_have_a_profile() {
        let mut runs = runs();
        let refused = |runs: &[MeasuredRun], id: &str| {
            bottlenecks(runs, id, None, &Settings::default()).unwrap_err().to_string()
        };
        assert_eq!(refused(&runs, "r3"), "unknown measured run `r3` (known: `r1`, `r2`, `r10`)");
        runs[1].profile = None;
        assert_eq!(
            refused(&runs, "r2"),
            "cannot look for bottlenecks: `r2` has no profile that can be compared"
        );
    }
}
