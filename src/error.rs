//! The one error of the project: what went wrong, where, why, and what to do about it.
//! All wording stands here; the code that fails only says which act failed and with what.

use std::fmt;
use std::io;
use std::path::Path;
use std::path::PathBuf;

pub type Result<T> = std::result::Result<T, Error>;

/// An act that failed. `Display` is the message, [`Error::hint`] the advice,
/// [`Error::exit_code`] the number a binary ends with.
#[derive(Debug)]
pub struct Error(Box<Act>);

/// What was being done when it failed; plain data only.
#[derive(Debug)]
pub enum Act {
    /// A command line that cannot mean anything.
    Usage { message: String, hint: String },
    /// A plan that cannot be used as it stands.
    /// Every mistake that was found, at least one.
    RefusePlan { plan: PathBuf, mistakes: Vec<Mistake> },
    /// A plan that is held by another process.
    LockPlan { plan: PathBuf, holder: String },
    /// A name that stands for nothing.
    Find { kind: &'static str, name: String, known: Vec<String> },
    /// A file or folder that cannot be read.
    ReadFile { path: PathBuf, source: io::Error },
    /// A file or folder that cannot be written.
    WriteFile { path: PathBuf, source: io::Error },
    /// A file whose content cannot be understood.
    ParseFile {
        path: PathBuf,
        line: Option<u64>,
        column: Option<u64>,
        problem: String,
        hint: String,
    },
    /// A program that cannot be started.
    StartProgram { program: String, problem: String, hint: String },
    /// An analysis for which there is not enough to go on.
    Analyse { message: String, hint: String },
    /// A promise of the code to itself that does not hold.
    Bug { message: String },
}

/// One mistake in a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    pub run: Option<String>,
    pub place: Option<Place>,
    pub problem: String,
    pub hint: String,
}

/// Where something stands in a text file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// The lines around it with a caret under it.
    pub excerpt: String,
}

impl Error {
    pub fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Act::Usage { message: message.into(), hint: hint.into() }.into()
    }

    pub fn analyse(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Act::Analyse { message: message.into(), hint: hint.into() }.into()
    }

    pub fn refuse_plan(plan: &Path, problem: impl Into<String>, hint: impl Into<String>) -> Self {
        let mistake =
            Mistake { run: None, place: None, problem: problem.into(), hint: hint.into() };
        Act::RefusePlan { plan: plan.into(), mistakes: vec![mistake] }.into()
    }

    pub fn unknown<'a>(
        kind: &'static str,
        name: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let known = known.into_iter().map(String::from).collect();
        Act::Find { kind, name: name.into(), known }.into()
    }

    pub fn read(path: &Path, source: io::Error) -> Self {
        Act::ReadFile { path: path.into(), source }.into()
    }

    pub fn write(path: &Path, source: io::Error) -> Self {
        Act::WriteFile { path: path.into(), source }.into()
    }

    pub fn bug(message: impl Into<String>) -> Self {
        Act::Bug { message: message.into() }.into()
    }

    /// Which act failed, for a caller that can do something about it.
    pub fn act(&self) -> &Act {
        &self.0
    }

    /// What to do next, as an imperative sentence without a full stop.
    pub fn hint(&self) -> Option<String> {
        match &*self.0 {
            Act::Usage { hint, .. }
            | Act::ParseFile { hint, .. }
            | Act::StartProgram { hint, .. }
            | Act::Analyse { hint, .. } => (!hint.is_empty()).then(|| hint.clone()),
            Act::RefusePlan { mistakes, .. } => {
                mistakes.first().map(|mistake| mistake.hint.clone()).filter(|hint| !hint.is_empty())
            }
            Act::LockPlan { .. } => Some("wait with `--wait 60`, or look at that process".into()),
            Act::Find { name, known, .. } => {
                closest(name, known).map(|known| format!("did you mean `{known}`?"))
            }
            Act::ReadFile { source, .. } => Some(advice_on_reading(source).into()),
            Act::WriteFile { source, .. } => Some(advice_on_writing(source).into()),
            Act::Bug { .. } => Some("please report this with the command that led to it".into()),
        }
    }

    /// 2 usage · 3 plan refused or unreadable · 5 plan locked · 70 a bug · 1 anything else.
    pub fn exit_code(&self) -> u8 {
        match &*self.0 {
            Act::Usage { .. } | Act::Find { .. } | Act::Analyse { .. } => 2,
            Act::RefusePlan { .. } => 3,
            Act::LockPlan { .. } => 5,
            Act::Bug { .. } => 70,
            Act::ReadFile { .. }
            | Act::WriteFile { .. }
            | Act::ParseFile { .. }
            | Act::StartProgram { .. } => 1,
        }
    }
}

impl From<Act> for Error {
    fn from(act: Act) -> Self {
        Self(Box::new(act))
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Act::Usage { message, .. } | Act::Analyse { message, .. } => write!(f, "{message}"),
            Act::RefusePlan { plan, mistakes } => write_mistakes(f, plan, mistakes),
            Act::LockPlan { plan, holder } => {
                write!(f, "plan `{}` is locked by {holder}", plan.display())
            }
            Act::Find { kind, name, known } if known.is_empty() => {
                write!(f, "unknown {kind} `{name}` (there are none)")
            }
            Act::Find { kind, name, known } => {
                write!(f, "unknown {kind} `{name}` (known: {})", in_backticks(known))
            }
            Act::ReadFile { path, source } => {
                write!(f, "cannot read `{}`: {}", path.display(), reason(source))
            }
            Act::WriteFile { path, source } => {
                write!(f, "cannot write `{}`: {}", path.display(), reason(source))
            }
            Act::ParseFile { path, line, column, problem, .. } => {
                write!(f, "`{}`", path.display())?;
                for (word, number) in [("line", line), ("column", column)] {
                    if let Some(number) = number {
                        write!(f, ", {word} {number}")?;
                    }
                }
                write!(f, ": {problem}")
            }
            Act::StartProgram { program, problem, .. } => {
                write!(f, "cannot start `{program}`: {problem}")
            }
            Act::Bug { message } => write!(f, "internal error: {message}"),
        }
    }
}

/// The first mistake with its excerpt, then one line for each of the others.
fn write_mistakes(f: &mut fmt::Formatter<'_>, plan: &Path, mistakes: &[Mistake]) -> fmt::Result {
    const MOST: usize = 10;
    for (index, mistake) in mistakes.iter().take(MOST).enumerate() {
        if index > 0 {
            write!(f, "\nalso: ")?;
        }
        write!(f, "plan `{}`", plan.display())?;
        if let Some(run) = &mistake.run {
            write!(f, ", run `{}`", visible(run))?;
        }
        write!(f, ": {}", mistake.problem)?;
        match &mistake.place {
            Some(place) if index == 0 => {
                write!(f, "\n  at {}:{}:{}", plan.display(), place.line, place.column)?;
                write!(f, "\n{}", place.excerpt)?;
            }
            Some(place) => write!(f, " (line {}, column {})", place.line, place.column)?,
            None => {}
        }
    }
    match mistakes.len().saturating_sub(MOST) {
        0 => Ok(()),
        more => write!(f, "\nand {more} more mistakes"),
    }
}

/// A name from a stranger's file, fit for a terminal: no control characters, and not too long.
fn visible(name: &str) -> String {
    const MOST: usize = 128;
    let mut shown = String::new();
    for letter in name.chars().take(MOST) {
        match letter.is_control() {
            true => shown.extend(letter.escape_unicode()),
            false => shown.push(letter),
        }
    }
    if name.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    shown
}

/// The known name that `name` most probably stands for, when one is near enough.
pub fn closest<'a>(name: &str, known: &'a [String]) -> Option<&'a str> {
    known
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate.as_str()))
        .filter(|(distance, candidate)| {
            let letters = candidate.chars().count();
            *distance <= 1 + letters / 4 && 2 * distance <= letters
        })
        .min()
        .map(|(_, candidate)| candidate)
}

fn in_backticks(names: &[String]) -> String {
    const MOST: usize = 12;
    let mut text =
        names.iter().take(MOST).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.len() > MOST {
        text += &format!(" and {} more", names.len() - MOST);
    }
    text
}

/// The operating system's words without its number.
fn reason(source: &io::Error) -> String {
    let text = source.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

fn advice_on_reading(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::NotFound => "check the path, or give another one",
        io::ErrorKind::PermissionDenied => "give yourself the right to read it",
        _ => "check that it is an ordinary, readable file",
    }
}

fn advice_on_writing(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "free some space, then run again"
        }
        io::ErrorKind::PermissionDenied => "give yourself the right to write there",
        io::ErrorKind::InvalidInput => "move it away, so that an ordinary one can take its place",
        _ => "check that the folder exists and can be written",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(error: &Error, message: &str, hint: &str, code: u8) {
        assert_eq!(error.to_string(), message);
        assert_eq!(error.hint().unwrap_or_default(), hint);
        assert_eq!(error.exit_code(), code);
    }

    #[test]
    fn says_what_where_why_and_what_to_do() {
        check(
            &Act::RefusePlan {
                plan: "p.json".into(),
                mistakes: vec![Mistake {
                    run: Some("wk-a".into()),
                    place: None,
                    problem: "`end` 2025-01-19 is before `start` 2025-01-20".into(),
                    hint: "swap the two dates".into(),
                }],
            }
            .into(),
            "plan `p.json`, run `wk-a`: `end` 2025-01-19 is before `start` 2025-01-20",
            "swap the two dates",
            3,
        );
        check(
            &Error::unknown("executor", "slrum", ["local", "dry", "slurm"]),
            "unknown executor `slrum` (known: `local`, `dry`, `slurm`)",
            "did you mean `slurm`?",
            2,
        );
        check(
            &Error::read(Path::new("a.csv"), io::Error::from_raw_os_error(2)),
            "cannot read `a.csv`: no such file or directory",
            "check the path, or give another one",
            1,
        );
    }

    #[test]
    fn offers_no_name_that_is_far_off() {
        assert_eq!(Error::unknown("executor", "zzz", ["local", "dry"]).hint(), None);
        assert_eq!(Error::unknown("phase", "3", ["0", "1"]).hint(), None);
    }

    #[test]
    fn a_name_cannot_speak_to_the_terminal() {
        assert_eq!(visible("wk-a"), "wk-a");
        assert_eq!(visible("a\u{1b}[31m"), "a\\u{1b}[31m");
        assert_eq!(visible(&"x".repeat(500)).chars().count(), 129);
    }

    #[test]
    fn a_long_list_of_known_names_is_cut() {
        let known: Vec<String> = (0..20).map(|n| format!("run-{n}")).collect();
        let error = Error::unknown("run", "x", known.iter().map(String::as_str));
        assert!(error.to_string().ends_with("`run-11` and 8 more)"));
    }
}
