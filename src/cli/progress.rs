//! Progress of the queue: on a terminal one live line with the time left, elsewhere plain lines.

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::ProgressBar;
use indicatif::ProgressStyle;

use crate::cli::estimate;
use crate::cli::terminal;
use crate::cli::terminal::Colour;
use crate::plan::Outcome;
use crate::plan::Plan;
use crate::plan::Selection;
use crate::plan::Status;
use crate::runner::Event;
use crate::units::Seconds;

/// What is shown while a runner works.
#[derive(Debug)]
pub struct Progress {
    bar: Option<ProgressBar>,
    colours: bool,
    /// Sizes of the runs that are still to be done, by id.
    left: BTreeMap<String, f64>,
    /// Size and wall time in seconds of what is done.
    known: Vec<(f64, f64)>,
}

impl Progress {
    pub fn new(plan: &Plan, selection: &Selection) -> Self {
        let is_left = |status: &Status| matches!(status, Status::Pending | Status::Running(_));
        let runs = || plan.runs.values().filter(|run| selection.covers(run));
        let known = |run: &crate::plan::Run| {
            let wall = *plan.results.get(&run.id)?.wall_seconds.last()?;
            Some((run.extent.size(), wall))
        };
        Self {
            bar: std::io::stderr().is_terminal().then(bar),
            colours: terminal::stderr_has_colours(),
            left: runs()
                .filter(|run| is_left(&run.status))
                .map(|run| (run.id.to_string(), run.extent.size()))
                .collect(),
            known: runs().filter_map(known).collect(),
        }
    }

    /// Shows what happened.
    pub fn tell(&mut self, event: &Event) {
        match event {
            Event::Started { run, attempt, size, unit } => self.started(run, *attempt, *size, unit),
            Event::Ended { run, outcome, message, wall, .. } => {
                self.ended(run, outcome, message, *wall);
            }
            Event::Recovered { run, outcome, .. } => {
                self.left.remove(run);
                let what = match outcome {
                    Outcome::Ok => "was finished by its worker; its result is recorded".into(),
                    other => other.describe(),
                };
                self.line(&format!("found  {run}: {what}"));
            }
            Event::Adopted { run } => {
                self.line(&format!("wait   {run}: another worker has it"));
            }
            Event::Stopping { at_once: false } => {
                self.line("stop   asked to stop: the program may end by itself; ask again to end it at once");
            }
            Event::Stopping { at_once: true } => self.line("stop   at once"),
        }
    }

    /// Clears the live line.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn started(&self, run: &str, attempt: u32, size: f64, unit: &str) {
        let again = if attempt > 1 { format!(", attempt {attempt}") } else { String::new() };
        let what = format!("{run} ({size} {unit}", unit = unit.trim_end()).trim_end().to_string();
        let left = self.time_left().map(|time| format!(", about {time} left")).unwrap_or_default();
        match &self.bar {
            Some(bar) => {
                bar.reset_elapsed();
                bar.set_message(format!("{what}{again}){left}"));
            }
            None => terminal::say(format!("start  {what}{again}){left}")),
        }
    }

    fn ended(&mut self, run: &str, outcome: &Outcome, message: &str, wall: Option<Seconds>) {
        let size = self.left.remove(run);
        if let (Some(size), Some(wall)) = (size, wall) {
            self.known.push((size, wall.0));
        }
        let (mark, colour) = match outcome {
            Outcome::Ok => ("done ", Colour::Green),
            Outcome::Interrupted => ("stop ", Colour::Yellow),
            _ => ("error", Colour::Red),
        };
        let mark = terminal::paint(mark, colour, self.colours);
        let what = match (outcome, wall) {
            (Outcome::Ok, Some(wall)) => wall.to_string(),
            _ if message.is_empty() => outcome.describe(),
            _ => message.to_string(),
        };
        self.line(&format!("{mark}  {run}: {what}"));
    }

    fn line(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| terminal::say(text)),
            None => terminal::say(text),
        }
    }

    fn time_left(&self) -> Option<Seconds> {
        let sizes: Vec<f64> = self.left.values().copied().collect();
        estimate::time_left(&self.known, &sizes)
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    let style = ProgressStyle::with_template("{spinner} {elapsed} {wide_msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}
