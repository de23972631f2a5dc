//! Progress of the queue: on a terminal a line for each run with its state and time, elsewhere
//! plain lines.

use std::collections::BTreeSet;
use std::io::IsTerminal as _;

use indexmap::IndexMap;

use crate::cli::board::Board;
use crate::cli::estimate;
use crate::cli::terminal;
use crate::cli::terminal::Colour;
use crate::cli::watch::News;
use crate::plan::Outcome;
use crate::plan::Plan;
use crate::plan::Run;
use crate::plan::Selection;
use crate::plan::Status;
use crate::runner::Event;
use crate::runner::event::Retry;
use crate::units::Seconds;

/// Pending runs that a terminal has a line for.
const MOST_PENDING: usize = 8;

/// The most measurements that an estimate looks at: the latest.
const MOST_KNOWN: usize = 200;

/// What is shown while a runner works.
#[derive(Debug)]
pub struct Progress {
    /// `None` where standard error is no terminal.
    board: Option<Board>,
    colours: bool,
    /// The runs that are still to be done, in the order of the plan.
    left: IndexMap<String, Left>,
    /// Size and wall time in seconds of what is done.
    known: Vec<(f64, f64)>,
    /// What is found so far, a sentence each.
    findings: Vec<String>,
    /// Warnings that were shown; what holds for every run is said once.
    warned: BTreeSet<String>,
}

/// A run that is not over.
#[derive(Debug)]
struct Left {
    size: f64,
    /// With its unit.
    extent: String,
    /// Repetitions.
    to_go: usize,
    is_running: bool,
}

impl Progress {
    pub fn new(plan: &Plan, selection: &Selection) -> Self {
        let is_left = |status: &Status| matches!(status, Status::Pending | Status::Running(_));
        let runs = || plan.runs.values().filter(|run| selection.covers(run));
        let known = |run: &Run| {
            let wall = *plan.results.get(&run.id)?.wall_seconds.last()?;
            Some((run.extent.size(), wall))
        };
        let left = |run: &Run| {
            let left = Left {
                size: run.extent.size(),
                extent: extent(run.extent.size(), run.extent.unit()),
                to_go: estimate::to_go(plan, run),
                is_running: false,
            };
            (run.id.to_string(), left)
        };
        let mut progress = Self {
            board: std::io::stderr().is_terminal().then(Board::default),
            colours: terminal::stderr_has_colours(),
            left: runs().filter(|run| is_left(&run.status)).map(left).collect(),
            known: runs().filter_map(known).take(MOST_KNOWN).collect(),
            findings: Vec::new(),
            warned: BTreeSet::new(),
        };
        progress.draw();
        progress
    }

    /// Shows what happened.
    pub fn tell(&mut self, event: &Event) {
        match event {
            Event::Started { run, attempt, size, unit } => self.started(run, *attempt, *size, unit),
            Event::Ended { run, outcome, message, wall, warnings, retry, .. } => {
                self.ended(run, outcome, message, *wall, *retry);
                for warning in warnings {
                    if self.warned.insert(warning.clone()) {
                        self.warn(&format!("{run}: {warning}"));
                    }
                }
            }
            Event::Recovered { run, outcome, .. } => {
                self.left.shift_remove(run);
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
            Event::Skipped { run, why } => {
                self.left.shift_remove(run);
                self.line(&format!("skip   {run}: {why}"));
            }
            Event::Stopping { at_once: false } => {
                self.line("stop   asked to stop: the program may end by itself; ask again to end it at once");
            }
            Event::Stopping { at_once: true } => self.line("stop   at once"),
        }
        self.draw();
    }

    /// Shows what is found so far: on a terminal below the runs, elsewhere when it is another
    /// answer.
    pub fn tell_news(&mut self, news: News) {
        if let Some(trouble) = &news.trouble {
            self.warn(trouble);
        }
        let Some(findings) = news.findings else { return };
        self.findings = findings.iter().map(|finding| so_far(finding)).collect();
        if self.board.is_none() && news.is_other {
            self.findings.iter().for_each(terminal::say);
        }
        self.draw();
    }

    /// Clears the live lines; what was found stays.
    pub fn finish(&mut self) {
        if let Some(board) = &mut self.board {
            board.clear();
            self.findings.iter().for_each(terminal::say);
        }
    }

    fn started(&mut self, run: &str, attempt: u32, size: f64, unit: &str) {
        let again = if attempt > 1 { format!(", attempt {attempt}") } else { String::new() };
        let what = format!("{run} ({}{again})", extent(size, unit));
        let left = self.time_left(|_| true);
        let one = estimate::time_left(&self.known, &[size]);
        if let Some(known) = self.left.get_mut(run) {
            known.is_running = true;
        }
        match &mut self.board {
            Some(board) => {
                let of = one.map(|time| format!(", of about {time}")).unwrap_or_default();
                board.start(run, format!("{what}: running{of}"));
            }
            None => {
                let left = left.map(|time| format!(", about {time} left")).unwrap_or_default();
                terminal::say(format!("start  {what}{left}"));
            }
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
        if let Some(left) = self.left.get_mut(run) {
            left.is_running = false;
            if let Some(wall) = wall {
                if self.known.len() >= MOST_KNOWN {
                    self.known.remove(0);
                }
                self.known.push((left.size, wall.0));
                left.to_go = left.to_go.saturating_sub(1);
            }
            if left.to_go == 0 || wall.is_none() && retry.is_none() {
                self.left.shift_remove(run);
            }
        }
        if let Some(board) = &mut self.board {
            board.end(run);
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
        match &self.board {
            Some(board) => board.say(text),
            None => terminal::say(text),
        }
    }

    /// The lines below the runs that go on: those that come next, the rest in one, what is found.
    fn draw(&mut self) {
        if self.board.is_none() {
            return;
        }
        let pending: Vec<(&String, &Left)> =
            self.left.iter().filter(|(_, left)| !left.is_running).collect();
        let about =
            |time: Option<Seconds>| time.map(|time| format!(", about {time}")).unwrap_or_default();
        let mut lines: Vec<String> = pending
            .iter()
            .take(MOST_PENDING)
            .map(|(run, left)| {
                let time = estimate::time_left(&self.known, &vec![left.size; left.to_go]);
                format!("         {run} ({}): pending{}", left.extent, about(time))
            })
            .collect();
        if pending.len() > MOST_PENDING {
            lines.push(format!("         and {} more", pending.len() - MOST_PENDING));
        }
        if pending.len() > 1 {
            let time = self.time_left(|left| !left.is_running);
            lines.push(format!("         {} pending{}", pending.len(), about(time)));
        }
        lines.extend(self.findings.iter().cloned());
        if let Some(board) = &mut self.board {
            board.show(&lines);
        }
    }

    fn time_left(&self, is_meant: impl Fn(&Left) -> bool) -> Option<Seconds> {
        let sizes: Vec<f64> = self
            .left
            .values()
            .filter(|left| is_meant(left))
            .flat_map(|left| std::iter::repeat_n(left.size, left.to_go))
            .collect();
        estimate::time_left(&self.known, &sizes)
    }
}

/// `7 days`, or the size itself.
fn extent(size: f64, unit: &str) -> String {
    format!("{size} {unit}").trim_end().to_string()
}

/// `` so far `pairs` is quadratic ``, and ``so far: No function grows faster than n log n``.
fn so_far(finding: &str) -> String {
    let colon = if finding.starts_with('`') { "" } else { ":" };
    format!("so far{colon} {finding}")
}
