//! Chosen runs side by side: every log ratio between them, without a fit and without a verdict.

use rust_decimal::Decimal;
use serde::Deserialize;
use serde::Serialize;

use crate::analysis::busy::Busy;
use crate::analysis::digits;
use crate::analysis::document::Pair;
use crate::analysis::identity::FunctionSeries;
use crate::analysis::input::MeasuredRun;
use crate::analysis::input::Settings;
use crate::analysis::own_code::OwnCode;
use crate::analysis::pairs;
use crate::analysis::runs;
use crate::analysis::runs::Ordered;
use crate::analysis::runs::SizedRun;
use crate::analysis::waiting::Waiting;
use crate::error::Error;
use crate::error::Result;
use crate::profile::CostUnit;
use crate::units::three_digits;

/// Two or more runs, compared function by function.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Comparison {
    pub unit: CostUnit,
    pub size_unit: String,
    /// In order of size.
    pub runs: Vec<ComparedRun>,
    /// Log ratios of the whole program's wall time.
    pub wall: Vec<Pair>,
    /// The costliest at the largest size first.
    pub functions: Vec<ComparedFunction>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ComparedRun {
    pub id: String,
    #[serde(serialize_with = "digits::one")]
    pub size: f64,
    /// Of the repetition that is compared, the middle one by wall time.
    #[serde(serialize_with = "digits::option")]
    pub wall_seconds: Option<f64>,
}

/// One function in all compared runs; lists have one value per run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ComparedFunction {
    pub name: String,
    pub file: String,
    pub line: u32,
    /// Self cost at the largest size, in per cent of the busy cost.
    #[serde(with = "rust_decimal::serde::float_option", default)]
    #[cfg_attr(test, schemars(with = "Option<f64>"))]
    pub share_percent: Option<Decimal>,
    pub ttot: ComparedMetric,
    pub tsub: ComparedMetric,
    pub ncall: ComparedMetric,
    pub tavg: ComparedMetric,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ComparedMetric {
    #[serde(serialize_with = "digits::options")]
    pub values: Vec<Option<f64>>,
    pub pairs: Vec<Pair>,
}

/// Compares the runs named `ids`, in any order, with every log ratio between them.
///
/// # Errors
/// When fewer than two are named, a name is unknown, or two of them have one size.
pub fn pair(runs: &[MeasuredRun], ids: &[&str], settings: &Settings) -> Result<Comparison> {
    let chosen = chosen(runs, ids)?;
    let ordered = runs::ordered(&chosen, settings)?;
    if let Some(skipped) = ordered.skipped.first() {
        return Err(Error::analyse(
            format!("cannot compare `{}`: {}", skipped.name, skipped.reason),
            "leave it out, or run it again with the same profiler",
        ));
    }
    refuse_equal_sizes(&ordered, runs)?;
    let own_code = OwnCode::new(&settings.user_paths, &settings.library_paths);
    let waiting = Waiting::new(&settings.waiting, own_code);
    let waits: Vec<bool> =
        ordered.table.functions.iter().map(|function| waiting.holds(&function.key)).collect();
    let sizes: Vec<f64> = ordered.runs.iter().map(|run| run.size).collect();
    let busy = Busy::new(&ordered.table, &waits, &sizes);
    let named = ordered.sized_ids();
    let mut functions: Vec<ComparedFunction> =
        ordered.table.functions.iter().map(|function| compared(function, &named, &busy)).collect();
    functions.sort_by_key(|function| std::cmp::Reverse(function.share_percent));
    Ok(Comparison {
        wall: pairs::log_ratios(&named, &ordered.walls()),
        functions,
        runs: ordered.runs.iter().map(figures).collect(),
        unit: ordered.unit,
        size_unit: ordered.size_unit.clone(),
    })
}

fn chosen(runs: &[MeasuredRun], ids: &[&str]) -> Result<Vec<MeasuredRun>> {
    if ids.len() < 2 {
        return Err(Error::usage(
            "cannot compare a single run",
            "name two or more, for example `analyzer --runs wk-a mo-feb`",
        ));
    }
    let typical = runs::once_each(runs);
    let mut chosen: Vec<MeasuredRun> = Vec::new();
    for id in ids {
        let known = || typical.iter().map(|run| run.id.as_str());
        let run = typical
            .iter()
            .copied()
            .find(|run| run.id == *id)
            .ok_or_else(|| Error::unknown("measured run", id, known()))?;
        if chosen.iter().any(|other| other.id == run.id) {
            return Err(Error::usage(
                format!("cannot compare `{id}` with itself"),
                "name every run once",
            ));
        }
        chosen.push(run.clone());
    }
    Ok(chosen)
}

fn refuse_equal_sizes(ordered: &Ordered, all: &[MeasuredRun]) -> Result<()> {
    let Some(equal) =
        ordered.runs.windows(2).find(|neighbours| neighbours[0].size == neighbours[1].size)
    else {
        return Ok(());
    };
    let (first, second) = (&equal[0], &equal[1]);
    let other = all
        .iter()
        .find(|run| run.size != first.size && run.size > 0.0)
        .map_or(String::new(), |run| {
            format!(", for example `analyzer --runs {} {}`", first.name.id, run.id)
        });
    Err(Error::analyse(
        format!(
            "cannot compare `{}` with `{}`: both have size {}, so the exponent is undefined",
            first.name.id,
            second.name.id,
            sized(first.size, &ordered.size_unit)
        ),
        format!("pick runs of different sizes{other}"),
    ))
}

/// `7 days`, `1000`, `288 calls of `f``.
fn sized(size: f64, unit: &str) -> String {
    let number = if size.fract() == 0.0 { format!("{size:.0}") } else { three_digits(size) };
    match unit {
        "size" | "" => number,
        unit => format!("{number} {unit}"),
    }
}

fn figures(run: &SizedRun) -> ComparedRun {
    ComparedRun { id: run.name.id.clone(), size: run.size, wall_seconds: run.wall_seconds }
}

fn compared(function: &FunctionSeries, runs: &[(&str, f64)], busy: &Busy) -> ComparedFunction {
    let metric = |values: Vec<Option<f64>>| ComparedMetric {
        pairs: pairs::log_ratios(runs, &values),
        values,
    };
    ComparedFunction {
        name: function.key.name.clone(),
        file: function.key.file.clone(),
        line: function.key.line,
        share_percent: busy.share(busy.self_cost(function)),
        ttot: metric(function.ttot()),
        tsub: metric(function.tsub()),
        ncall: metric(function.ncall()),
        tavg: metric(function.tavg()),
    }
}

#[cfg(test)]
mod tests {
    use crate::profile::Cost;
    use crate::profile::Function;
    use crate::profile::FunctionKey;
    use crate::profile::Profile;

    use super::*;

    fn run(id: &str, size: f64, ncall: u64, seconds: f64) -> MeasuredRun {
        MeasuredRun {
            id: id.into(),
            size,
            wall_seconds: Some(2.0 * seconds),
            profile: Some(Profile {
                counts_calls: true,
                functions: vec![Function {
                    key: FunctionKey { name: "step".into(), ..FunctionKey::default() },
                    cost: Cost { ncall, nactual: ncall, tsub: seconds, ttot: seconds },
                }],
                ..Profile::default()
            }),
            ..MeasuredRun::default()
        }
    }

    fn runs() -> Vec<MeasuredRun> {
        vec![
            run("mo-feb", 30.0, 18_000, 9.0),
            run("wk-a", 7.0, 1_000, 1.0),
            run("wk-b", 7.0, 1_000, 1.1),
        ]
    }

    fn check_refused(ids: &[&str], message: &str, hint: &str) {
        let error = pair(&runs(), ids, &Settings::default()).unwrap_err();
        assert_eq!(error.to_string(), message);
        assert_eq!(error.hint().unwrap_or_default(), hint);
    }

    #[test]
    fn every_ratio_stands_side_by_side() {
        let found = pair(&runs(), &["mo-feb", "wk-a"], &Settings::default()).unwrap();
        let close = |pairs: &[Pair], expected: f64| {
            assert_eq!((pairs[0].from.as_str(), pairs[0].to.as_str()), ("wk-a", "mo-feb"));
            assert!((pairs[0].exponent - expected).abs() < 5e-4, "{pairs:?}");
        };
        // ln 9 / ln(30/7) = 1.510; ttot is ncall times tavg, so the log ratios add up.
        close(&found.wall, 1.510);
        let step = &found.functions[0];
        close(&step.ncall.pairs, 1.986);
        close(&step.ttot.pairs, 1.510);
        close(&step.tsub.pairs, 1.510);
        close(&step.tavg.pairs, 1.510 - 1.986);
        assert_eq!(found.runs[0].wall_seconds, Some(2.0));
        assert_eq!(step.share_percent, Some(Decimal::ONE_HUNDRED));
    }

    #[test]
    fn equal_sizes_have_no_exponent() {
        check_refused(
            &["wk-a", "wk-b"],
            "cannot compare `wk-a` with `wk-b`: both have size 7 days, so the exponent is undefined",
            "pick runs of different sizes, for example `analyzer --runs wk-a mo-feb`",
        );
    }

    #[test]
    fn runs_must_be_known_and_different() {
        check_refused(
            &["wk-a"],
            "cannot compare a single run",
            "name two or more, for example `analyzer --runs wk-a mo-feb`",
        );
        check_refused(
            &["wk-a", "wk-a"],
            "cannot compare `wk-a` with itself",
            "name every run once",
        );
        check_refused(
            &["wk-a", "mo-fbe"],
            "unknown measured run `mo-fbe` (known: `mo-feb`, `wk-a`, `wk-b`)",
            "did you mean `mo-feb`?",
        );
    }
}
