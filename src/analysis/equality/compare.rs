//! One case: what the baseline gave against what the optimised version gave.

use serde::Serialize;

use crate::analysis::equality::diff;
use crate::analysis::equality::number;
use crate::analysis::equality::structured;
use crate::plan::suite::OutputFormat;
use crate::plan::suite::OutputRule;

/// What one execution left.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Output {
    /// How it ended, in words: `exit code 0`.
    pub exit: String,
    pub stdout: Vec<u8>,
    /// Files by name, in the order of the rules; `None` when it was not written.
    pub files: Vec<(String, Option<Vec<u8>>)>,
}

/// What is known of one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseFinding {
    pub case: String,
    pub equal: bool,
    pub differences: Vec<Difference>,
}

/// One output that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// `exit`, `standard output`, or the name of a file.
    pub output: String,
    /// The first places that differ, in words.
    pub places: Vec<String>,
    /// The first stretch that differs, line by line; empty where lines mean nothing.
    pub diff: String,
}

/// Compares the outputs of both versions on the case called `name`; `files` has the rules of the
/// files in the order of [`Output::files`].
pub fn compare(
    name: &str,
    before: &Output,
    after: &Output,
    stdout: OutputRule,
    files: &[OutputRule],
) -> CaseFinding {
    let mut differences = Vec::new();
    if before.exit != after.exit {
        differences.push(Difference {
            output: "exit".into(),
            places: vec![format!("{} became {}", before.exit, after.exit)],
            diff: String::new(),
        });
    }
    differences.extend(output("standard output", &before.stdout, &after.stdout, stdout));
    for (((file, first), (_, second)), rule) in before.files.iter().zip(&after.files).zip(files) {
        let written = |content: &Option<Vec<u8>>| match content {
            Some(_) => "written",
            None => "not written",
        };
        match (first, second) {
            (Some(first), Some(second)) => differences.extend(output(file, first, second, *rule)),
            (None, None) if rule.format != OutputFormat::Ignore => differences.push(Difference {
                output: file.clone(),
                places: vec!["neither version wrote it".into()],
                diff: String::new(),
            }),
            (None, None) => {}
            (first, second) => differences.push(Difference {
                output: file.clone(),
                places: vec![format!(
                    "{} by the baseline, {} by the optimised version",
                    written(first),
                    written(second)
                )],
                diff: String::new(),
            }),
        }
    }
    CaseFinding { case: name.to_string(), equal: differences.is_empty(), differences }
}

impl CaseFinding {
    /// The first difference as a phrase.
    pub fn in_words(&self) -> String {
        let Some(first) = self.differences.first() else {
            return format!("on `{}` the outputs are equal", self.case);
        };
        let place = first.places.first().map_or_else(String::new, |place| format!(": {place}"));
        let output = match first.output.as_str() {
            "exit" => "the way they end".to_string(),
            "standard output" => "their standard output".to_string(),
            file => format!("the file `{file}`"),
        };
        let more = match self.differences.len() {
            1 => String::new(),
            count => format!(", and in {} more", count - 1),
        };
        format!("on `{}` the two versions differ in {output}{place}{more}", self.case)
    }
}

fn output(name: &str, before: &[u8], after: &[u8], rule: OutputRule) -> Option<Difference> {
    if before == after {
        return None;
    }
    let places = match rule.format {
        OutputFormat::Ignore => return None,
        OutputFormat::Bytes => vec![first_byte(before, after)],
        OutputFormat::Text => text(before, after, rule),
        OutputFormat::Json => structured::json(before, after, rule).unwrap_or_else(|why| vec![why]),
        OutputFormat::Csv => structured::csv(before, after, rule).unwrap_or_else(|why| vec![why]),
    };
    if places.is_empty() {
        return None;
    }
    let diff = match (std::str::from_utf8(before), std::str::from_utf8(after)) {
        (Ok(before), Ok(after)) => diff::diff(before, after),
        _ => String::new(),
    };
    Some(Difference { output: name.to_string(), places, diff })
}

fn first_byte(before: &[u8], after: &[u8]) -> String {
    let same = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    if same == before.len().min(after.len()) {
        return format!("{} bytes became {}", before.len(), after.len());
    }
    let line = before[..same].iter().filter(|byte| **byte == b'\n').count() + 1;
    format!("byte {} (line {line})", same + 1)
}

/// Places of the lines that differ by more than the tolerance; bytes that are no text by the byte.
fn text(before: &[u8], after: &[u8], rule: OutputRule) -> Vec<String> {
    let (Ok(first), Ok(second)) = (std::str::from_utf8(before), std::str::from_utf8(after)) else {
        return vec![first_byte(before, after)];
    };
    let (mut old, mut new): (Vec<&str>, Vec<&str>) =
        (first.lines().collect(), second.lines().collect());
    if rule.any_order {
        old.sort_unstable();
        new.sort_unstable();
    }
    let differ = |(a, b): &(&&str, &&str)| !number::same_text(a, b, rule.tolerance);
    let lines = old.iter().zip(&new).enumerate().filter(|(_, pair)| differ(pair));
    let word = if rule.any_order { "sorted line" } else { "line" };
    let mut places: Vec<String> = lines
        .take(structured::MOST_PLACES)
        .map(|(index, _)| format!("{word} {}", index + 1))
        .collect();
    if old.len() != new.len() && places.len() < structured::MOST_PLACES {
        places.push(format!("{} lines became {}", old.len(), new.len()));
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(format: OutputFormat) -> OutputRule {
        OutputRule { format, ..OutputRule::default() }
    }

    fn out(stdout: &str) -> Output {
        Output { exit: "exit code 0".into(), stdout: stdout.into(), files: Vec::new() }
    }

    #[track_caller]
    fn check(before: &str, after: &str, format: OutputFormat, words: &str) {
        let found = compare("case 1", &out(before), &out(after), rule(format), &[]);
        let expected = match words {
            "" => "on `case 1` the outputs are equal".to_string(),
            words => {
                format!("on `case 1` the two versions differ in their standard output: {words}")
            }
        };
        assert_eq!((found.equal, found.in_words()), (words.is_empty(), expected));
    }

    #[test]
    fn outputs_are_compared_by_their_rule() {
        check("a 1.0\n", "a 1.0\n", OutputFormat::Bytes, "");
        check("a 1.0\n", "a 1.00\n", OutputFormat::Bytes, "byte 6 (line 1)");
        check("a\n", "a", OutputFormat::Bytes, "2 bytes became 1");
        check("a 1.0\n", "a 1.00\n", OutputFormat::Text, "");
        check("x\na 1.0\n", "x\na 1.1\n", OutputFormat::Text, "line 2");
        check("x\n", "x\ny\n", OutputFormat::Text, "1 lines became 2");
        check("[1]", "[1.0]", OutputFormat::Json, "");
        check("[1]", "[2]", OutputFormat::Json, "$[0]: 1 became 2");
        check("a\n1\n", "a\n2\n", OutputFormat::Csv, "row 2, column `a`: 1 became 2");
        check("a", "b", OutputFormat::Ignore, "");
    }

    #[test]
    fn ends_and_files_are_compared_too() {
        let mut before = out("");
        let mut after = Output { exit: "exit code 3".into(), ..out("") };
        before.files = vec![("r.csv".into(), Some(b"1\n".to_vec())), ("s".into(), None)];
        after.files = vec![("r.csv".into(), None), ("s".into(), None)];
        let rules = [rule(OutputFormat::Bytes); 2];
        let found = compare("c", &before, &after, OutputRule::default(), &rules);
        let outputs: Vec<&str> =
            found.differences.iter().map(|difference| difference.output.as_str()).collect();
        assert_eq!(outputs, ["exit", "r.csv", "s"]);
        assert_eq!(found.differences[2].places, ["neither version wrote it"]);
        let words = "on `c` the two versions differ in the way they end: \
                     exit code 0 became exit code 3, and in 2 more";
        assert_eq!(found.in_words(), words);
    }

    #[test]
    fn lines_in_any_order_are_equal_on_request() {
        let rule = OutputRule { any_order: true, ..OutputRule::default() };
        assert!(compare("c", &out("a\nb\n"), &out("b\na\n"), rule, &[]).equal);
        assert!(!compare("c", &out("a\nb\n"), &out("b\nc\n"), rule, &[]).equal);
    }
}
