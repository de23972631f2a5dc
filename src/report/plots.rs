//! The pictures of a report as files: a plot of each culprit and of the program, memory over time,
//! and the flame graphs.

use std::collections::BTreeSet;

use crate::error::Result;
use crate::report::chart::Chart;
use crate::report::content::Report;
use crate::report::content::Subject;
use crate::report::flame;
use crate::report::flame::file::View;
use crate::report::svg::log_log;
use crate::report::svg::log_log::Paper;
use crate::report::svg::timeline;

/// Culprits and runs that get a picture.
const MOST: usize = 20;
const PAPER: Paper = Paper { width: 640.0, height: 440.0, decades: 0.0 };
/// Letters of a name within a file name.
const LONGEST: usize = 60;

/// File name and content of each picture; none for reports without growth.
///
/// # Errors
/// A bug: every report can be drawn.
pub fn files(report: &Report) -> Result<Vec<(String, String)>> {
    let Subject::Scaling(doc) = &report.subject else { return Ok(Vec::new()) };
    let mut used = BTreeSet::new();
    let mut files: Vec<(String, String)> = doc
        .culprits
        .iter()
        .take(MOST)
        .filter_map(|culprit| {
            let chart = Chart::of_culprit(doc, culprit)?;
            Some((safe_name("culprit", &culprit.name, &mut used), log_log::file(&chart, PAPER)))
        })
        .collect();
    let program = Chart::of_program(doc);
    files.extend(program.map(|chart| ("program.svg".into(), log_log::file(&chart, PAPER))));
    let memory = report.more.memory.iter().take(MOST);
    files.extend(
        memory.filter_map(|run| {
            Some((safe_name("memory", &run.run, &mut used), timeline::file(run)?))
        }),
    );
    for view in View::ALL.iter().filter(|_| report.more.flame.is_some()) {
        let drawn =
            report.more.flame.as_deref().map(|tree| flame::file(tree, *view)).transpose()?;
        files.extend(drawn.flatten().map(|svg| (format!("flame-{}.svg", view.name()), svg)));
    }
    Ok(files)
}

/// `KIND-NAME.svg` of letters that every file system takes, no two alike.
fn safe_name(kind: &str, name: &str, used: &mut BTreeSet<String>) -> String {
    let letters = name.chars().filter(|letter| !letter.is_control()).take(LONGEST);
    let letters = letters.map(|letter| match letter {
        letter if letter.is_ascii_alphanumeric() || letter == '_' => letter.to_ascii_lowercase(),
        _ => '-',
    });
    let safe: String = letters.collect();
    let safe = match safe.trim_matches('-') {
        "" => "unnamed",
        safe => safe,
    };
    let candidates = std::iter::once(String::new()).chain((2..).map(|number| format!("-{number}")));
    let mut names = candidates.map(|number| format!("{kind}-{safe}{number}.svg"));
    let free = names.find(|name| used.insert(name.clone()));
    free.unwrap_or_else(|| format!("{kind}-{safe}.svg"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_safe_and_differ() {
        let mut used = BTreeSet::new();
        let mut check = |name: &str, expected: &str| {
            assert_eq!(safe_name("culprit", name, &mut used), expected, "{name:?}");
        };
        check("concat_price_frames", "culprit-concat_price_frames.svg");
        check("Concat_Price_Frames", "culprit-concat_price_frames-2.svg");
        check("../../etc/passwd", "culprit-etc-passwd.svg");
        check("<built-in method x>", "culprit-built-in-method-x.svg");
        check("\0\u{202e}/", "culprit-unnamed.svg");
        check("", "culprit-unnamed-2.svg");
        check(&"x".repeat(1 << 20), &format!("culprit-{}.svg", "x".repeat(LONGEST)));
    }
}
