//! The mistakes found so far in a plan, and the checks that many of its values share.

use std::time::Duration;

use chrono::NaiveDate;

use crate::error::closest;
use crate::plan::problem::Problem;
use crate::plan::problem::Step;
use crate::plan::quantity;

/// Mistakes, in the order of the document.
#[derive(Debug, Default)]
pub struct Found {
    pub problems: Vec<Problem>,
}

impl Found {
    pub fn push(&mut self, at: &[Step], problem: impl Into<String>, hint: impl Into<String>) {
        self.problems.push(Problem::new(at, problem, hint));
    }

    /// Whether `name` is one of `known`; notes the mistake when it is not.
    pub fn known(&mut self, at: &[Step], kind: &str, name: &str, known: &[&str]) -> bool {
        if known.contains(&name) {
            return true;
        }
        let names: Vec<String> = known.iter().map(|name| (*name).to_string()).collect();
        let hint = match closest(name, &names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("use one of `{}`", known.join("`, `")),
        };
        let problem = format!("unknown {kind} `{name}` (known: `{}`)", known.join("`, `"));
        self.push(at, problem, hint);
        false
    }

    pub fn duration(&mut self, at: &[Step], text: Option<&str>) -> Option<Duration> {
        match quantity::duration(text?) {
            Ok(duration) => Some(duration),
            Err(why) => {
                self.push(at, why, "write it like `90s`, `10m` or `6h`");
                None
            }
        }
    }

    pub fn date(&mut self, at: &[Step], text: &str) -> Option<NaiveDate> {
        match quantity::date(text) {
            Ok(date) => Some(date),
            Err(why) => {
                self.push(at, why, "write a day of the calendar as year-month-day");
                None
            }
        }
    }

    /// A count that costs at least one execution each time, so that a slip is no queue for ever.
    pub fn count(&mut self, at: &[Step], key: &str, count: Option<u32>) -> Option<u32> {
        const MOST: u32 = 1_000_000;
        if count.is_some_and(|count| count > MOST) {
            self.push(at, format!("`{key}` is more than {MOST}"), "give a smaller number");
        }
        count
    }

    pub fn repetitions(&mut self, at: &[Step], count: Option<u32>) -> Option<u32> {
        if count == Some(0) {
            self.push(at, "`repetitions` is 0", "give at least 1");
        }
        self.count(at, "repetitions", count)
    }
}
