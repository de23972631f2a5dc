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
use crate::plan::Run;
use crate::plan::Selection;
use crate::plan::Status;
use crate::runner::Event;
use crate::runner::event::Retry;
use crate::units::Seconds;

/// What is shown while a runner works.
#[derive(Debug)]
pub struct Progress {
    bar: Option<ProgressBar>,
    colours: bool,
    /// The runs that are still to be done, by id: size, and repetitions to go.
    left: BTreeMap<String, (f64, usize)>,
    /// Size and wall time in seconds of what is done.
    known: Vec<(f64, f64)>,
}

impl Progress {
    pub fn new(plan: &Plan, selection: &Selection) -> Self {
        let is_left = |status: &Status| matches!(status, Status::Pending | Status::Running(_));
        let runs = || plan.runs.values().filter(|run| selection.covers(run));
        let known = |run: &Run| {
            let wall = *plan.results.get(&run.id)?.wall_seconds.last()?;
            Some((run.extent.size(), wall))
        };
        Self {
            bar: std::io::stderr().is_terminal().then(bar),
            colours: terminal::stderr_has_colours(),
            left: runs()
                .filter(|run| is_left(&run.status))
                .map(|run| (run.id.to_string(), (run.extent.size(), estimate::to_go(plan, run))))
                .collect(),
            known: runs().filter_map(known).collect(),
        }
    }

    /// Shows what happened.
    pub fn tell(&mut self, event: &Event) {
        match event {
            Event::Started { run, attempt, size, unit } => self.started(run, *attempt, *size, unit),
            Event::Ended { run, outcome, message, wall, warnings, retry, .. } => {
                self.ended(run, outcome, message, *wall, *retry);
                warnings.iter().for_each(|warning| self.warn(&format!("{run}: {warning}")));
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
            Event::HostBusy => self.line(
                "wait   this host: something else is being measured (`--parallel N` shares it)",
            ),
            Event::Unguarded { why } => self.warn(&format!(
                "{why}; nothing keeps others from measuring on this host at the same time"
            )),
            Event::Noisy { warning } => self.warn(warning),
            Event::Waits { run, on, state } => {
                let state = if *state == "error" { "in error" } else { state };
                self.line(&format!("left   {run}: waits for `{on}`, which is {state}"));
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

    fn ended(
        &mut self,
        run: &str,
        outcome: &Outcome,
        message: &str,
        wall: Option<Seconds>,
        retry: Option<Retry>,
    ) {
        if let (Some((size, to_go)), Some(wall)) = (self.left.get_mut(run), wall) {
            self.known.push((*size, wall.0));
            *to_go = to_go.saturating_sub(1);
        }
        let is_over = |(_, to_go): &(f64, usize)| *to_go == 0 || wall.is_none() && retry.is_none();
        if self.left.get(run).is_some_and(is_over) {
            self.left.remove(run);
        }
        let (mark, colour) = match outcome {
            Outcome::Ok => ("done ", Colour::Green),
            Outcome::Interrupted | Outcome::Lost => ("stop ", Colour::Yellow),
            _ => ("error", Colour::Red),
        };
        let mark = terminal::paint(mark, colour, self.colours);
        let what = match (outcome, wall) {
            (Outcome::Ok, Some(wall)) => wall.to_string(),
            _ if message.is_empty() => outcome.describe(),
            _ => message.to_string(),
        };
        let again = retry.map(|retry| format!("; retry {} of {}", retry.number, retry.of));
        self.line(&format!("{mark}  {run}: {what}{}", again.unwrap_or_default()));
    }

    fn warn(&self, text: &str) {
        let mark = terminal::paint("warn ", Colour::Yellow, self.colours);
        self.line(&format!("{mark}  {text}"));
    }

    fn line(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| terminal::say(text)),
            None => terminal::say(text),
        }
    }

    fn time_left(&self) -> Option<Seconds> {
        let sizes: Vec<f64> = self
            .left
            .values()
            .flat_map(|(size, to_go)| std::iter::repeat_n(*size, *to_go))
            .collect();
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
