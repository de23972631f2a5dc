//! What a look at one run suggests: how much memory a unit of size takes, and what to do about the
//! costly functions, each piece of advice tied to what was measured.

use rust_decimal::Decimal;

use crate::analysis::bottleneck::document::Bottleneck;
use crate::analysis::bottleneck::document::Bottlenecks;
use crate::analysis::bottleneck::document::Mark;
use crate::analysis::bottleneck::document::MemoryEfficiency;
use crate::analysis::bottleneck::find;
use crate::analysis::category;
use crate::analysis::input::MeasuredRun;
use crate::analysis::input::Settings;
use crate::analysis::input::SizeBy;
use crate::error::Result;
use crate::profile::CostUnit;
use crate::units::Seconds;
use crate::units::grouped;

/// Functions that get a piece of advice each.
const MOST_FUNCTIONS: usize = 5;
/// Calls of a run from which a function is called often rather than costly in itself.
const OFTEN: u64 = 10_000;
/// Seconds of a call below which its own work is hardly worth mending.
const QUICK_SECONDS: f64 = 1e-5;
/// Per cent of the busy cost from which start-up hides the rest.
const MUCH_FIXED: Decimal = Decimal::from_parts(25, 0, 0, false, 0);
/// Per cent of all cost from which waiting is worth a word.
const MUCH_WAITING: Decimal = Decimal::from_parts(25, 0, 0, false, 0);

/// As [`find::bottlenecks`], with memory and advice.
///
/// # Errors
/// As that.
pub fn bottlenecks(
    runs: &[MeasuredRun],
    id: &str,
    iteration: Option<&str>,
    settings: &Settings,
) -> Result<Bottlenecks> {
    let mut found = find::bottlenecks(runs, id, iteration, settings)?;
    // Other measures of size are of the survey alone.
    let is_size = settings.size_by == SizeBy::Size;
    let peaks: Vec<(f64, u64)> = runs
        .iter()
        .filter(|_| is_size)
        .filter_map(|run| Some((run.size, run.peak_memory_bytes?)))
        .collect();
    let peak = found.run.peak_memory_bytes;
    found.memory = peak.and_then(|peak| memory(found.run.size?, peak, &peaks));
    found.advice = advice(&found);
    Ok(found)
}

/// `peaks`: size and peak memory of every run that has one; `size` and `peak` those of the run
/// itself.
///
/// Example: 10 MB at size 10 after 4 MB at size 4 is 1 MB per unit, and each unit adds 1 MB.
/// `None` without a size above 0.
fn memory(size: f64, peak: u64, peaks: &[(f64, u64)]) -> Option<MemoryEfficiency> {
    if !(size.is_finite() && size > 0.0) {
        return None;
    }
    let smaller = peaks.iter().filter(|(other, _)| *other < size);
    let smallest = smaller.min_by(|left, right| left.0.total_cmp(&right.0));
    let added = smallest.map(|(other, held)| (peak as f64 - *held as f64) / (size - other));
    Some(MemoryEfficiency {
        peak_bytes: peak,
        bytes_per_size: peak as f64 / size,
        added_bytes_per_size: added.filter(|added| added.is_finite()),
    })
}

/// What to do, the most worthwhile first; names stand in back-ticks.
fn advice(found: &Bottlenecks) -> Vec<String> {
    let heavy = found.functions.iter().filter(|function| function.mark >= Mark::Major);
    let functions = heavy.take(MOST_FUNCTIONS).filter_map(|function| remedy(found, function));
    let parts = [start_up(found), waiting(found)].into_iter().flatten();
    functions.chain(parts).collect()
}

/// Calls and cost per call say which of the two to mend.
fn remedy(found: &Bottlenecks, function: &Bottleneck) -> Option<String> {
    let share = function.share_percent?.round_dp(1).normalize();
    let half = (function.share_percent? / Decimal::TWO).round_dp(1).normalize();
    let name = &function.name;
    let each = function.tsub / function.ncall.max(1) as f64;
    let calls = grouped(function.ncall);
    let cost = match found.unit {
        CostUnit::WallSeconds | CostUnit::CpuSeconds => Seconds(each).to_string(),
        CostUnit::Instructions => format!("{} instructions", grouped(each.round() as u64)),
        CostUnit::Samples => {
            return Some(format!(
                "`{name}` has {share} % of the samples: making it twice as fast saves {half} %"
            ));
        }
    };
    let is_quick = found.unit.is_time() && each < QUICK_SECONDS;
    let what = match (function.fixed, function.ncall) {
        (true, _) => "it belongs to start-up, which a longer run does not repeat".to_string(),
        (false, ncall) if ncall >= OFTEN && is_quick => {
            "a call is cheap, so call it less often: out of the inner loop, or on many values at once"
                .to_string()
        }
        (false, 0 | 1) => "its own work in that call is what costs: see its lines".to_string(),
        (false, _) => format!("making a call twice as fast, or half as many, saves {half} %"),
    };
    let calls = match function.ncall {
        1 => format!("1 call of {cost}"),
        _ => format!("{calls} calls of {cost} each"),
    };
    Some(format!("`{name}` takes {share} % in {calls}: {what}"))
}

fn start_up(found: &Bottlenecks) -> Option<String> {
    let share = found.fixed.as_ref()?.share_percent.filter(|share| *share >= MUCH_FIXED)?;
    Some(format!(
        "{} % of the work is start-up, which does not grow: judge what grows by a larger run, and start up \
         once for many runs",
        share.round_dp(1).normalize()
    ))
}

fn waiting(found: &Bottlenecks) -> Option<String> {
    let waiting = found.categories.iter().find(|part| part.name == category::WAITING)?;
    let share = waiting.share_percent.filter(|share| *share >= MUCH_WAITING)?;
    Some(format!(
        "{} % of all measured cost is waiting, which no faster code shortens: look at what is waited for",
        share.round_dp(1).normalize()
    ))
}

#[cfg(test)]
mod tests {
    use crate::profile::Cost;
    use crate::profile::Function;
    use crate::profile::FunctionKey;
    use crate::profile::Profile;

    use super::*;

    #[test]
    fn memory_is_told_per_unit_of_size() {
        let found = memory(10.0, 10_000_000, &[(10.0, 10_000_000), (4.0, 4_000_000)]).unwrap();
        assert!((found.bytes_per_size - 1e6).abs() < 1e-6);
        assert_eq!(found.added_bytes_per_size, Some(1e6));
        assert_eq!(memory(4.0, 1, &[(4.0, 1)]).unwrap().added_bytes_per_size, None);
        assert_eq!(memory(0.0, 1, &[]), None);
        assert_eq!(memory(f64::NAN, 1, &[]), None);
    }

    /// A run with one function that is called once.
    fn run(size: f64, tsub: f64) -> MeasuredRun {
        let key = FunctionKey { name: "solve".into(), file: "a.py".into(), line: 1 };
        let cost = Cost { ncall: 1, nactual: 1, tsub, ttot: tsub };
        MeasuredRun {
            id: format!("r{size}"),
            size,
            profile: Some(Profile {
                counts_calls: true,
                functions: vec![Function { key, cost }],
                ..Profile::default()
            }),
            ..MeasuredRun::default()
        }
    }

    #[test]
    fn start_up_is_advised_on_where_constancy_is_known() {
        let check = |runs: &[MeasuredRun], settings: &Settings, expected: Option<bool>, advice| {
            let last = &runs[runs.len() - 1].id;
            let found = bottlenecks(runs, last, None, settings).unwrap();
            assert_eq!(found.fixed.map(|fixed| fixed.functions == 1), expected);
            assert!(found.advice.join("\n").contains(advice), "{:?}", found.advice);
        };
        let sized = Settings::default();
        let constant = [run(1.0, 3.0), run(2.0, 3.0), run(4.0, 3.0)];
        let squared = [run(1.0, 3.0), run(2.0, 12.0), run(4.0, 48.0)];
        check(&constant, &sized, Some(true), "it belongs to start-up");
        check(&squared, &sized, Some(false), "its own work in that call");
        check(&constant[..2], &sized, None, "in 1 call of 3.00 s: its own work in that call");
        let alone = Settings { size_by: SizeBy::Unknown, ..Settings::default() };
        check(&[run(f64::NAN, 3.0)], &alone, None, "its own work in that call");
        let found = bottlenecks(&[run(f64::NAN, 3.0)], "rNaN", None, &alone).unwrap();
        assert_eq!((found.run.size, found.advice.len()), (None, 1));
    }
}
