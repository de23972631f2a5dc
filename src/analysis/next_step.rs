//! What would settle an open verdict, as the commands that a person types.

use chrono::Days;
use chrono::NaiveDate;

use crate::stats::Way;
use crate::units::three_digits;

/// How more runs are added to the plan that is judged.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HowToRun {
    /// ` --plan FILE`, or nothing for the usual plan.
    pub plan_option: String,
    pub phase: u32,
    /// Where the plan has several.
    pub workload: Option<String>,
    /// First day of the earliest window; `None` where runs have a size of their own.
    pub first_day: Option<NaiveDate>,
    /// How often a run is measured, as the plan says; of several numbers the largest.
    pub repetitions: u32,
    /// How often each size was measured, where the plan is that of a scan, whose own command does
    /// all.
    pub scanned: Option<u32>,
}

impl HowToRun {
    /// The command for `way`, as a sentence; `None` when there is no such window.
    ///
    /// Example: ``to add that run: `runner --add n-1600 --size 1600`, then `runner --phase 1` ``.
    pub fn command(&self, way: Way) -> Option<String> {
        match (self.scanned, way) {
            (Some(times), way) => Some(scan_again(way, times)),
            (None, Way::Size { size, runs }) => self.addition(size, runs),
            (None, Way::Rounds(more)) => Some(self.repetition(more)),
        }
    }

    fn repetition(&self, more: u32) -> String {
        let Self { plan_option, phase, .. } = self;
        format!(
            "to repeat every run: write `\"repetitions\": {}` into the plan's `settings`, then \
             `runner{plan_option} --extend --phase {phase}`",
            self.repetitions.saturating_add(more)
        )
    }

    fn addition(&self, size: f64, runs: u32) -> Option<String> {
        let Self { plan_option, phase, .. } = self;
        let whole = size.round().max(1.0);
        let (name, extent) = match self.first_day {
            None => {
                let size = plain(size);
                (size.clone(), format!("--size {size}"))
            }
            Some(start) => {
                let end = start.checked_add_days(Days::new(whole as u64 - 1))?;
                (format!("{whole}"), format!("--start {start} --end {end}"))
            }
        };
        let phase_option = if *phase == 1 { String::new() } else { format!(" --in-phase {phase}") };
        let workload = self.workload.as_ref().map(|name| format!(" --workload {}", quoted(name)));
        let more = match runs {
            1 => String::new(),
            runs => format!(", {runs} times under different names"),
        };
        Some(format!(
            "to add a run of that size: `runner{plan_option} --add n-{name} {extent}{phase_option}{}`\
             {more}, then `runner{plan_option} --phase {phase}`",
            workload.unwrap_or_default()
        ))
    }
}

/// What the command of a scan is given to go on; each size was measured `times` times.
fn scan_again(way: Way, times: u32) -> String {
    match way {
        Way::Size { size, runs } => {
            let more = if runs > times { format!(" and `--repeat {runs}`") } else { String::new() };
            let size = plain(size);
            format!("to measure that size: the same command with {size} among its `--sizes`{more}")
        }
        Way::Rounds(more) => {
            let times = times.saturating_add(more);
            format!("to repeat every size: the same command with `--repeat {times}`")
        }
    }
}

/// A size as a command line takes it; whole from 10 on.
fn plain(size: f64) -> String {
    let whole = size.round();
    if whole >= 10.0 { format!("{whole}") } else { three_digits(size) }
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_-./".contains(letter);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.into(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(how: &HowToRun, way: Way, expected: Option<&str>) {
        assert_eq!(how.command(way).as_deref(), expected);
    }

    #[test]
    fn a_window_begins_where_the_earliest_did() {
        let how = HowToRun {
            phase: 1,
            repetitions: 1,
            first_day: NaiveDate::from_ymd_opt(2025, 1, 1),
            ..HowToRun::default()
        };
        check(
            &how,
            Way::Size { size: 31.4, runs: 1 },
            Some(
                "to add a run of that size: `runner --add n-31 --start 2025-01-01 --end 2025-01-31`, \
                 then `runner --phase 1`",
            ),
        );
        check(&how, Way::Size { size: 1e300, runs: 1 }, None);
    }

    #[test]
    fn the_command_of_a_scan_goes_on_by_itself() {
        let how = HowToRun { phase: 1, scanned: Some(3), ..HowToRun::default() };
        check(
            &how,
            Way::Size { size: 1600.0, runs: 4 },
            Some(
                "to measure that size: the same command with 1600 among its `--sizes` and \
                 `--repeat 4`",
            ),
        );
        let repeated = "to repeat every size: the same command with `--repeat 5`";
        check(&how, Way::Rounds(2), Some(repeated));
    }

    #[test]
    fn plan_phase_and_workload_are_named_where_they_are_not_the_usual_ones() {
        let how = HowToRun {
            plan_option: " --plan p.json".into(),
            phase: 2,
            workload: Some("it's slow".into()),
            first_day: None,
            repetitions: 2,
            scanned: None,
        };
        check(
            &how,
            Way::Size { size: 1600.0, runs: 2 },
            Some(
                "to add a run of that size: `runner --plan p.json --add n-1600 --size 1600 \
                 --in-phase 2 --workload 'it'\\''s slow'`, 2 times under different names, then \
                 `runner --plan p.json --phase 2`",
            ),
        );
        check(
            &how,
            Way::Rounds(6),
            Some(
                "to repeat every run: write `\"repetitions\": 8` into the plan's `settings`, then \
                 `runner --plan p.json --extend --phase 2`",
            ),
        );
    }
}
