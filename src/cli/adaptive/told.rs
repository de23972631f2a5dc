//! What an adaptive runner says when it ends: what it spared, how sure that is, and what was not
//! checked.

use std::fmt::Write as _;

use crate::cli::adaptive::picker;
use crate::cli::adaptive::picker::Adaptive;
use crate::cli::adaptive::picker::Asked;
use crate::cli::adaptive::picker::Series;
use crate::plan::Plan;
use crate::stats::Range;
use crate::units::Seconds;

/// Doubts that are named.
const MOST_DOUBTS: usize = 5;

impl Adaptive {
    /// The account of all series, a paragraph each.
    pub fn told(&self, plan: &Plan) -> String {
        let mut text = String::new();
        for (series, asked) in &self.asked {
            let told = match asked.skipped.is_empty() {
                true => open(plan, series, asked),
                false => spared(plan, series, asked, &self.plan_option),
            };
            let _ = write!(text, "\n{told}");
        }
        text
    }
}

/// A series whose larger sizes were left.
fn spared(plan: &Plan, series: &Series, asked: &Asked, plan_option: &str) -> String {
    let unit = picker::unit(plan, series);
    let Asked { outstanding, planned, skipped } = asked;
    let (phase, largest) = (series.0, outstanding.largest);
    let mut foretold = Some(Range { low: 0.0, middle: 0.0, high: 0.0 });
    let mut named = Vec::new();
    for id in skipped {
        let Some(run) = plan.runs.get(id) else { continue };
        let size = run.extent.size();
        let times = f64::from(run.repetitions);
        named.push(format!("`{id}` ({size}{unit})"));
        foretold = foretold.zip(outstanding.foretold(size)).map(|(sum, one)| Range {
            low: sum.low + times * one.low,
            middle: sum.middle + times * one.middle,
            high: sum.high + times * one.high,
        });
    }
    let saved = foretold.map_or("a time that cannot be foretold".into(), |time| {
        let Range { low, middle, high } = time;
        format!("{} ({} to {}), foretold by the fit", Seconds(middle), Seconds(low), Seconds(high))
    });
    let measured: f64 = picker::runs(plan, series)
        .filter_map(|run| plan.results.get(&run.id))
        .flat_map(|result| &result.wall_seconds)
        .sum();
    format!(
        "phase {phase}, `{workload}`: settled at {largest}{unit}\n\
         \x20 skipped      {named}\n\
         \x20 saved        {saved}; measured so far: {measured}\n\
         \x20 how sure     a larger size changes one of the {asked} verdicts that matter with a chance of at most {chance}\n\
         \x20 not checked  what begins only beyond {largest}{unit}, costs as they are there, and functions that\n\
         \x20              stay below 5 % of the busy time at {planned}{unit}\n\
         \x20 to check     `runner{plan_option} --phase {phase}`\n",
        workload = series.1,
        named = named.join(", "),
        measured = Seconds(measured),
        asked = outstanding.asked,
        chance = percent(outstanding.chance),
    )
}

/// A series that was never settled.
fn open(plan: &Plan, series: &Series, asked: &Asked) -> String {
    let unit = picker::unit(plan, series);
    let doubts = &asked.outstanding.doubts;
    let named: Vec<String> = doubts
        .iter()
        .take(MOST_DOUBTS)
        .map(|doubt| match &doubt.function {
            Some(key) => format!("`{}`", key.name),
            None => "the program as a whole".into(),
        })
        .collect();
    let more = doubts.len().saturating_sub(named.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!(
        "phase {}, `{}`: every size was needed; open at {}{unit}: {}{more}\n",
        series.0,
        series.1,
        asked.outstanding.largest,
        named.join(", ")
    )
}

/// A chance of at most so much, for a person: `0.4 %`, rounded up, never 0.
pub fn percent(chance: f64) -> String {
    let tenths = (1_000.0 * chance).ceil().clamp(1.0, 1_000.0);
    format!("{} %", tenths / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chance_is_rounded_up_and_never_none() {
        let check = |chance: f64, expected: &str| assert_eq!(percent(chance), expected);
        check(0.0, "0.1 %");
        check(0.0041, "0.5 %");
        check(0.05, "5 %");
        check(1.0, "100 %");
    }
}
