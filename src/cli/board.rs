//! The live part of a terminal: a line for each run that goes on or comes next, and below them what
//! is found so far. What is over scrolls away above it. It knows no queue.

use std::collections::BTreeMap;
use std::time::Duration;

use indicatif::MultiProgress;
use indicatif::ProgressBar;
use indicatif::ProgressStyle;

use crate::cli::terminal;

/// Between two turns of the spinner, which also tells the elapsed time.
const TICK: Duration = Duration::from_millis(250);

/// Lines that are drawn anew while everything else scrolls.
#[derive(Debug, Default)]
pub struct Board {
    all: MultiProgress,
    /// By run: the lines whose time runs.
    running: BTreeMap<String, ProgressBar>,
    /// What comes next, and what is found so far, in lines of one bar.
    still: Option<ProgressBar>,
}

impl Board {
    /// A run goes on from now: its line is `text`, with a clock before it.
    pub fn start(&mut self, run: &str, text: String) {
        self.end(run);
        let bar = self.all.insert(self.running.len(), ProgressBar::new_spinner());
        bar.set_style(style("{spinner} {elapsed:>5}  {wide_msg}"));
        bar.set_message(text);
        bar.enable_steady_tick(TICK);
        self.running.insert(run.to_string(), bar);
    }

    /// A run is over.
    pub fn end(&mut self, run: &str) {
        if let Some(bar) = self.running.remove(run) {
            bar.finish_and_clear();
            self.all.remove(&bar);
        }
    }

    /// The lines below those of the runs that go on.
    pub fn show(&mut self, lines: &[String]) {
        if lines.is_empty() {
            if let Some(bar) = self.still.take() {
                bar.finish_and_clear();
                self.all.remove(&bar);
            }
            return;
        }
        let bar = self.still.get_or_insert_with(|| {
            let bar = self.all.add(ProgressBar::new_spinner());
            bar.set_style(style("{msg}"));
            bar
        });
        bar.set_message(lines.join("\n"));
        bar.tick();
    }

    /// A line that stays.
    pub fn say(&self, text: &str) {
        self.all.suspend(|| terminal::say(text));
    }

    /// Leaves nothing behind.
    pub fn clear(&mut self) {
        self.show(&[]);
        for bar in std::mem::take(&mut self.running).into_values() {
            bar.finish_and_clear();
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}
