//! An eye on a queue that is executed: what is found so far, a page that is kept up to date, and
//! somebody to be told. The queue asks for it before each claim, when this runner measures nothing
//! (`--parallel` aside) and holds no lock of the plan; it learns nothing by it.

use crate::cli::early;
use crate::cli::early::Found;
use crate::cli::early::Pace;
use crate::cli::execution::Execution;
use crate::cli::notify::Notify;
use crate::cli::notify::Occasion;
use crate::cli::page;
use crate::cli::shared::Shared;
use crate::cli::teller::Teller;
use crate::cli::teller::Told;
use crate::error::Result;
use crate::plan::Outcome;
use crate::plan::Plan;
use crate::plan::Selection;
use crate::runner::Event;
use crate::system::clock;

#[derive(Debug)]
pub struct Watch<'a> {
    shared: &'a Shared,
    execution: &'a Execution,
    teller: Teller,
    pace: Pace,
    /// The run that was measured last, while it was not judged.
    measured: Option<String>,
    found: Option<Found>,
    failed: Failed,
}

/// Whether a run failed for good, and whether that was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failed {
    No,
    Untold,
    Told,
}

/// What there is to show.
#[derive(Debug, Default, PartialEq)]
pub struct News {
    /// What is found so far, when it is not what was found before.
    pub findings: Option<Vec<String>>,
    /// Whether that is another answer, and not only other figures.
    pub is_other: bool,
    /// What went wrong here.
    pub trouble: Option<String>,
}

impl<'a> Watch<'a> {
    /// # Errors
    /// When `--notify` is no command.
    pub fn new(
        shared: &'a Shared,
        execution: &'a Execution,
        selection: &Selection,
    ) -> Result<Self> {
        let notify = execution.notify.as_deref().map(Notify::new).transpose()?;
        Ok(Self {
            shared,
            execution,
            teller: Teller::new(notify, shared.plan.clone(), selection.clone()),
            pace: Pace::default(),
            measured: None,
            found: None,
            failed: Failed::No,
        })
    }

    /// Takes note of what happened.
    pub fn note(&mut self, event: &Event) {
        let (run, outcome, retry) = match event {
            Event::Ended { run, outcome, retry, .. } => (run, outcome, retry.is_some()),
            Event::Recovered { run, outcome, .. } => (run, outcome, false),
            _ => return,
        };
        match outcome {
            Outcome::Ok => self.measured = Some(run.clone()),
            Outcome::Interrupted | Outcome::Lost => {}
            _ if !retry && self.failed == Failed::No => self.failed = Failed::Untold,
            _ => {}
        }
        if self.execution.html.is_some() {
            self.measured.get_or_insert_with(|| run.clone());
        }
    }

    /// Between two runs: judges, writes, tells.
    pub fn look(&mut self, plan: &Plan) -> News {
        let mut news = self.judge(Some(plan), false);
        if self.failed == Failed::Untold {
            self.failed = Failed::Told;
            news.trouble = news.trouble.or(self.tell(plan, Occasion::Failed, None));
        }
        news
    }

    /// After the last run: the same, and that it was the last.
    pub fn end(&mut self, plan: Option<&Plan>, exit_code: Option<u8>) -> News {
        let mut news = self.judge(plan, true);
        let plan = plan.filter(|_| !self.execution.is_told_after);
        let told = plan.and_then(|plan| self.tell(plan, Occasion::Ended, exit_code));
        news.trouble = news.trouble.or(told);
        news
    }

    fn judge(&mut self, plan: Option<&Plan>, is_last: bool) -> News {
        let begun = clock::now();
        let is_wanted = match is_last {
            true => !self.execution.is_judged_after,
            false => self.pace.is_due(begun),
        };
        // A page that was asked for is written after every run.
        if !is_wanted && self.execution.html.is_none() {
            return News::default();
        }
        let is_enough = |run: &String| {
            self.execution.html.is_some() || plan.is_some_and(|plan| early::is_enough(plan, run))
        };
        let Some(run) = self.measured.take_if(|run| is_enough(run)) else {
            return News::default();
        };
        let news = self.judged(&run).unwrap_or_else(|error| {
            tracing::debug!("not judged yet: {error}");
            News::default()
        });
        self.pace.judged(begun, clock::now());
        news
    }

    fn judged(&mut self, run: &str) -> Result<News> {
        let judging = match self.execution.html {
            Some(_) => self.execution.judging.clone().whole(),
            None => self.execution.judging.clone(),
        };
        let Some(report) = early::judged(self.shared, &judging, run)? else {
            return Ok(News::default());
        };
        let page = self.execution.html.as_ref().map(|path| page::replace(path, &report));
        let trouble = page.and_then(Result::err).map(|error| error.to_string());
        let Some(found) = Found::of(&report) else {
            return Ok(News { trouble, ..News::default() });
        };
        let is_other = found.differs_from(self.found.as_ref());
        let findings = Some(found.lines.clone());
        self.found = Some(found);
        Ok(News { findings, is_other, trouble })
    }

    /// What went wrong with it.
    fn tell(&self, plan: &Plan, occasion: Occasion, exit_code: Option<u8>) -> Option<String> {
        let what = match occasion {
            Occasion::Failed => "a run failed",
            Occasion::Ended => "the runner ended",
        };
        self.teller.tell(plan, Told { occasion, what, exit_code, found: self.found.as_ref() })
    }
}
