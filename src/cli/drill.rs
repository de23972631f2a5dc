//! `runner --drill`: where inside a function the time goes, line by line, at the largest size and
//! at the one below, so that the line that grows stands out. The plan is left as it is.

use std::path::Path;
use std::time::Duration;

use crate::analysis;
use crate::analysis::Settings;
use crate::cli::listing;
use crate::cli::listing::Side;
use crate::cli::load;
use crate::cli::terminal;
use crate::error::Error;
use crate::error::Result;
use crate::measure::Program;
use crate::measure::python::lines;
use crate::measure::python::lines::Line;
use crate::plan::Plan;
use crate::plan::Run;
use crate::plan::Selection;
use crate::profile::FunctionKey;
use crate::runner::job;
use crate::runner::job::Care;
use crate::store::Layout;
use crate::store::PlanStore;
use crate::system::env;
use crate::system::file;
use crate::system::folder;
use crate::system::helper;
use crate::units::Seconds;
use crate::units::three_digits;

/// For runs without a limit of their own.
const PATIENCE: Duration = Duration::from_secs(24 * 3_600);
const LARGEST_SOURCE_BYTES: u64 = 16 << 20;
/// Of the time of the function, below which a line is not named as the one that grows.
const LEAST_SHARE: f64 = 0.01;

/// One run of the program, with the lines of the function.
struct Timed {
    size: f64,
    lines: Vec<Line>,
}

/// Times the lines of `wanted`, or of the first culprit where that is empty, and prints them.
///
/// # Errors
/// When the function is not known, its program is no Python program, or lacks `line_profiler`.
pub fn run(store: &mut PlanStore, wanted: &str) -> Result<u8> {
    let layout = store.layout().clone();
    let plan = store.read()?;
    let function = function(plan, &layout, wanted)?;
    let runs = runs(plan)?;
    let programs =
        runs.iter().map(|run| program(plan, &layout, run)).collect::<Result<Vec<Program>>>()?;
    programs.iter().try_for_each(lines::check)?;
    let mut timed = Vec::new();
    let mut source = String::new();
    for (run, program) in runs.iter().zip(&programs) {
        let scratch = layout.run_folder(&run.id).join("drill");
        folder::create_below(layout.root(), &scratch)?;
        let measured = lines::measured(program, &function, &scratch)?;
        let patience = run.timeout.unwrap_or(PATIENCE);
        let ended = helper::output(&measured.argv, &measured.env, &measured.cwd, patience)?;
        if ended.code != Some(0) {
            return Err(failed(run, &String::from_utf8_lossy(&ended.stderr)));
        }
        let (file, lines) = lines::collect(&function, &scratch)?;
        source = file;
        timed.push(Timed { size: run.extent.size(), lines });
    }
    let content = file::read(Path::new(&source), LARGEST_SOURCE_BYTES).unwrap_or_default();
    let text = String::from_utf8_lossy(&content);
    let code: Vec<&str> = text.lines().collect();
    let place = source.strip_prefix(&root(&layout)).unwrap_or(&source);
    terminal::print(&page(&function, place, &timed, &code))?;
    Ok(0)
}

/// The function of that name in the analysis of phase 1, the costliest where there are several.
fn function(plan: &Plan, layout: &Layout, wanted: &str) -> Result<FunctionKey> {
    let loaded = load::selected(plan, layout, &Selection::Phase(1))?;
    let found = analysis::phase1(&loaded.runs, &Settings::default())?;
    let culprits = found.culprits.iter().map(|one| (&one.name, &one.file, one.line));
    let functions = found.functions.iter().map(|one| (&one.name, &one.file, one.line));
    let key = |(name, file, line): (&String, &String, u32)| FunctionKey {
        name: name.clone(),
        file: file.clone(),
        line,
    };
    let is_wanted = |key: &FunctionKey| match wanted.rsplit_once(':') {
        Some((file, name)) => key.name == name && key.file.ends_with(file),
        None => wanted.is_empty() || key.name == wanted,
    };
    if wanted.is_empty() && found.culprits.is_empty() {
        let hint = "name a function, for example `runner --drill concat_frames`";
        return Err(Error::usage("phase 1 has no culprit whose lines could be timed", hint));
    }
    culprits.chain(functions).map(key).find(is_wanted).ok_or_else(|| {
        let known = found.functions.iter().map(|one| one.name.as_str());
        Error::unknown("function", wanted, known.take(20))
    })
}

/// The run of the largest size in phase 1, and before it one of the next smaller size.
fn runs(plan: &Plan) -> Result<Vec<&Run>> {
    let mut runs: Vec<&Run> = plan
        .runs
        .values()
        .filter(|run| run.phase == 1 && plan.results.contains_key(&run.id))
        .collect();
    runs.sort_by(|left, right| right.extent.size().total_cmp(&left.extent.size()));
    let Some(largest) = runs.first().copied() else {
        let hint = "execute phase 1 first: `runner --phase 1`";
        return Err(Error::usage("no run of phase 1 is finished", hint));
    };
    let below = runs.iter().find(|run| run.extent.size() < largest.extent.size());
    Ok(below.into_iter().copied().chain([largest]).collect())
}

fn program(plan: &Plan, layout: &Layout, run: &Run) -> Result<Program> {
    let tool = env::this_program()
        .map_err(|error| Error::bug(format!("cannot find this program: {error}")))?;
    let care = Care { tool: &tool, parallel: 1, pin: &[], guard: None };
    let job = job::job(plan, layout, run, run.next_attempt(), &care)?;
    folder::create_below(layout.root(), &job.cache_folder)
        .or_else(|_| folder::create_below(Path::new(&root(layout)), &job.cache_folder))?;
    let mut env = job.env;
    env.insert("SUPERLINEAR_CACHE_DIR".into(), job.cache_folder.to_string_lossy().into_owned());
    env.insert("SUPERLINEAR_RUN".into(), job.run);
    Ok(Program { argv: job.argv, env, cwd: job.cwd })
}

fn root(layout: &Layout) -> String {
    let root = layout.root().canonicalize().unwrap_or_else(|_| layout.root().to_path_buf());
    format!("{}/", root.display())
}

fn failed(run: &Run, said: &str) -> Error {
    let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it says nothing");
    Error::analyse(
        format!("run `{}` failed while its lines were timed: {}", run.id, last.trim()),
        "see whether the program runs by itself",
    )
}

fn page(function: &FunctionKey, file: &str, timed: &[Timed], code: &[&str]) -> String {
    let Some(largest) = timed.last() else { return String::new() };
    let smaller = timed.first().filter(|_| timed.len() > 1);
    let total: f64 = largest.lines.iter().map(|line| line.seconds).sum();
    let rows: Vec<Row> = largest.lines.iter().map(|line| row(line, largest, smaller)).collect();
    let sizes = smaller.map_or_else(String::new, |smaller| format!("{} and ", smaller.size));
    let mut text = format!(
        "`{}` ({file}) line by line at size {sizes}{}: {} in all\n\n",
        function.name,
        largest.size,
        Seconds(total)
    );
    let right = Side::Right;
    let head = [
        ("line", right),
        ("hits", right),
        ("hits grow", right),
        ("time", right),
        ("share", right),
        ("time grows", right),
        ("code", Side::Left),
    ];
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let share = if total > 0.0 { 100.0 * row.line.seconds / total } else { 0.0 };
            vec![
                row.line.number.to_string(),
                row.line.hits.to_string(),
                power(row.hits_exponent),
                Seconds(row.line.seconds).to_string(),
                format!("{share:.1} %"),
                power(row.time_exponent),
                source_of(code, row.line.number).to_string(),
            ]
        })
        .collect();
    text.push_str(&listing::table(&head, &cells));
    let growing = rows
        .iter()
        .filter(|row| row.line.seconds > LEAST_SHARE * total)
        .filter_map(|row| Some((row.time_exponent?, row)))
        .max_by(|left, right| left.0.total_cmp(&right.0));
    if let Some((exponent, row)) = growing {
        let code = source_of(code, row.line.number).trim();
        text.push_str(&format!(
            "\nline {} grows fastest: n^{} by time, n^{} by hits: `{code}`\n",
            row.line.number,
            three_digits(exponent),
            row.hits_exponent.map_or("?".into(), three_digits),
        ));
    }
    text.push_str(
        "\nTiming lines slows them; compare lines with each other, not with other tables.\n",
    );
    text
}

struct Row {
    line: Line,
    hits_exponent: Option<f64>,
    time_exponent: Option<f64>,
}

fn row(line: &Line, largest: &Timed, smaller: Option<&Timed>) -> Row {
    let before = smaller.and_then(|timed| {
        let same = timed.lines.iter().find(|other| other.number == line.number)?;
        Some((timed.size, same))
    });
    let exponent = |value: fn(&Line) -> f64| {
        let (size, same) = before?;
        exponent(size, value(same), largest.size, value(line))
    };
    Row {
        line: *line,
        hits_exponent: exponent(|line| line.hits as f64),
        time_exponent: exponent(|line| line.seconds),
    }
}

/// `ln(m2 / m1) / ln(n2 / n1)`; `None` where it is not defined.
///
/// Example: 100 to 200, 1 s to 4 s: 2.
fn exponent(n1: f64, m1: f64, n2: f64, m2: f64) -> Option<f64> {
    let exponent = (m2 / m1).ln() / (n2 / n1).ln();
    (m1 > 0.0 && m2 > 0.0 && exponent.is_finite()).then_some(exponent)
}

fn power(exponent: Option<f64>) -> String {
    exponent.map_or_else(|| "–".into(), |exponent| format!("n^{exponent:.2}"))
}

fn source_of<'a>(code: &[&'a str], line: u32) -> &'a str {
    let at = (line as usize).checked_sub(1);
    at.and_then(|at| code.get(at)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_that_grows_is_named() {
        let line = |number, hits, seconds| Line { number, hits, seconds };
        let timed = [
            Timed { size: 100.0, lines: vec![line(2, 100, 0.1), line(3, 100, 0.5)] },
            Timed { size: 200.0, lines: vec![line(2, 200, 0.2), line(3, 200, 2.0)] },
        ];
        let code = ["def slow(n):", "    for i in range(n):", "        total += sum(range(i))"];
        let function = FunctionKey { name: "slow".into(), file: "m.py".into(), line: 1 };
        let text = page(&function, "m.py", &timed, &code);
        let expected = "\
`slow` (m.py) line by line at size 100 and 200: 2.20 s in all

line  hits  hits grow    time   share  time grows  code
   2   200     n^1.00  200 ms   9.1 %      n^1.00      for i in range(n):
   3   200     n^1.00  2.00 s  90.9 %      n^2.00          total += sum(range(i))

line 3 grows fastest: n^2.00 by time, n^1.00 by hits: `total += sum(range(i))`

Timing lines slows them; compare lines with each other, not with other tables.
";
        assert_eq!(text, expected);
    }

    #[test]
    fn an_exponent_needs_values_above_zero() {
        assert_eq!(exponent(100.0, 1.0, 200.0, 4.0), Some(2.0));
        assert_eq!(exponent(100.0, 0.0, 200.0, 4.0), None);
        assert_eq!(exponent(100.0, 1.0, 100.0, 4.0), None);
    }
}
