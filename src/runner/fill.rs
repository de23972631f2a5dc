//! The placeholders of a plan's texts, filled in for one run.

use std::path::Path;
use std::path::PathBuf;

use crate::error::Error;
use crate::error::Result;
use crate::plan::Extent;
use crate::plan::Launch;
use crate::plan::Run;

/// What the placeholders of one run stand for.
#[derive(Debug)]
pub struct Filler<'a> {
    pub run: &'a Run,
    pub cache_folder: &'a Path,
    /// `None` where the workload has no input.
    pub input: Option<PathBuf>,
    /// Whether nothing is a placeholder.
    pub is_literal: bool,
}

impl Filler<'_> {
    /// The program and arguments of `launch`.
    ///
    /// # Errors
    /// A bug: the plan was checked for everything that can be missing.
    pub fn launch(&self, launch: &Launch) -> Result<Vec<String>> {
        match launch {
            Launch::Words(words) => self.words(words),
            Launch::Shell(line) => {
                let line = self.filled(line, for_shell)?;
                Ok(vec!["/bin/sh".into(), "-c".into(), line])
            }
        }
    }

    /// Each of `words`, filled in.
    ///
    /// # Errors
    /// As [`Filler::launch`].
    pub fn words(&self, words: &[String]) -> Result<Vec<String>> {
        words.iter().map(|word| self.fill(word)).collect()
    }

    /// `text` with its placeholders filled in; braces around other words are left alone.
    ///
    /// # Errors
    /// As [`Filler::launch`].
    pub fn fill(&self, text: &str) -> Result<String> {
        self.filled(text, |value| value)
    }

    fn filled(&self, text: &str, written: fn(String) -> String) -> Result<String> {
        if self.is_literal {
            return Ok(text.to_string());
        }
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            filled.push_str(&rest[..open]);
            rest = &rest[open..];
            let close = rest.find('}').map(|close| close + 1);
            let value = close.map(|close| self.value(&rest[1..close - 1])).transpose()?.flatten();
            match (value, close) {
                (Some(value), Some(close)) => {
                    filled.push_str(&written(value));
                    rest = &rest[close..];
                }
                _ => {
                    filled.push('{');
                    rest = &rest[1..];
                }
            }
        }
        filled.push_str(rest);
        Ok(filled)
    }

    fn value(&self, name: &str) -> Result<Option<String>> {
        let window = match self.run.extent {
            Extent::Window { start, end } => Some((start, end)),
            Extent::Size(_) => None,
        };
        let value = match (name, window) {
            ("start", Some((start, _))) => start.to_string(),
            ("end", Some((_, end))) => end.to_string(),
            ("start" | "end", None) => {
                return Err(Error::bug(format!("run `{}` has no `{name}`", self.run.id)));
            }
            ("size", _) => self.run.extent.size().to_string(),
            ("cache_dir", _) => self.cache_folder.to_string_lossy().into_owned(),
            ("run_id", _) => self.run.id.to_string(),
            ("input", _) => {
                return Ok(self.input.as_ref().map(|path| path.to_string_lossy().into_owned()));
            }
            _ => return Ok(None),
        };
        Ok(Some(value))
    }
}

/// A value as one word of a shell's line, so that a folder with a blank in its name stays one.
fn for_shell(value: String) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:=@%+,".contains(letter);
    if !value.is_empty() && value.chars().all(plain) {
        return value;
    }
    format!("'{}'", value.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::convert;
    use crate::plan::convert::Names;
    use serde_json::json;

    #[track_caller]
    fn check(launch: &Launch, expected: &[&str]) {
        let wire = json!({
            "workloads": { "w": { "command": ["x"] } },
            "runs": [{ "id": "a b", "size": 1000 }],
        });
        let names = Names { samples: &[], backends: &["none"], executors: &["local"], bands: &[] };
        let plan = convert::plan(serde_json::from_value(wire).unwrap(), names).unwrap();
        let filler = Filler {
            run: &plan.runs[0],
            cache_folder: Path::new("/c"),
            input: Some("/i n".into()),
            is_literal: false,
        };
        assert_eq!(filler.launch(launch).unwrap(), expected);
    }

    #[test]
    fn other_braces_are_left_alone() {
        let words = ["{size}", "--x={run_id}", "{a}{size", "{input}", "}{"].map(String::from);
        let expected = ["1000", "--x=a b", "{a}{size", "/i n", "}{"];
        check(&Launch::Words(words.to_vec()), &expected);
    }

    #[test]
    fn a_shell_sees_each_value_as_one_word() {
        let line = "sort -n {input} >{cache_dir}/{run_id}; echo {size} ${x}";
        let expected = "sort -n '/i n' >/c/'a b'; echo 1000 ${x}";
        check(&Launch::Shell(line.into()), &["/bin/sh", "-c", expected]);
    }
}
