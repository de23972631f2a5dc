//! Time per line of one Python function, by `line_profiler` in the program's own interpreter. What
//! it keeps is written as text by the shim; its own files are never read.

use std::path::Path;

use serde::Deserialize;

use crate::error::Error;
use crate::error::Result;
use crate::measure::backend::Program;
use crate::measure::python::shim;
use crate::measure::python::shim::Profiler;
use crate::profile::FunctionKey;

const NAME: &str = "line_profiler";

/// What one line of a function cost in one run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// From 1.
    pub number: u32,
    pub hits: u64,
    pub seconds: f64,
}

#[derive(Deserialize)]
struct Document {
    superlinear_lines: u32,
    functions: Vec<Timed>,
}

#[derive(Deserialize)]
struct Timed {
    file: String,
    /// `[number, hits, seconds]`
    lines: Vec<(u32, u64, f64)>,
}

/// Checks that lines of `program` can be timed.
///
/// # Errors
/// What is missing and how to get it.
pub fn check(program: &Program) -> Result<()> {
    shim::check(program, NAME, Some(NAME))
}

/// The command that runs `program` and times the lines of `function`, leaving them in `scratch`.
///
/// # Errors
/// When a helper file cannot be written.
pub fn measured(program: &Program, function: &FunctionKey, scratch: &Path) -> Result<Program> {
    let wanted = format!("{}:{}:{}", function.name, function.line, function.file);
    shim::measured(program, NAME, Profiler { name: NAME, clock: &wanted }, scratch)
}

/// The file of the function, and its lines in order.
///
/// # Errors
/// When the program left none, or never loaded or called the function.
pub fn collect(function: &FunctionKey, scratch: &Path) -> Result<(String, Vec<Line>)> {
    let (path, bytes) = shim::raw(scratch)?;
    let document: Document = serde_json::from_slice(&bytes)
        .map_err(|error| shim::unreadable(&path, &error.to_string()))?;
    if document.superlinear_lines != 1 {
        return Err(shim::unreadable(&path, "it is of another version"));
    }
    let timed = document.functions.into_iter().find(|timed| !timed.lines.is_empty());
    let Some(timed) = timed else {
        return Err(Error::analyse(
            format!("the program ran no line of `{}`", function.name),
            "name a function of the program's own Python code that it calls in its main process",
        ));
    };
    let mut lines: Vec<Line> = timed
        .lines
        .into_iter()
        .map(|(number, hits, seconds)| Line { number, hits, seconds })
        .collect();
    lines.sort_by_key(|line| line.number);
    Ok((timed.file, lines))
}
