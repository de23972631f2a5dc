//! What is wrong with the content of a profile, before anyone says in which file it stands.

use std::io;
use std::path::Path;

use crate::error::Act;
use crate::error::Error;

/// Why a profile cannot be read.
#[derive(Debug)]
pub enum Fault {
    /// The bytes could not be had.
    Input(io::Error),
    /// The bytes do not mean anything.
    Content {
        /// From 1; `None` for binary formats, whose `problem` names a byte.
        line: Option<u64>,
        /// In characters, from 1.
        column: Option<u64>,
        problem: String,
        hint: String,
    },
}

impl Fault {
    /// A fault of the content as a whole, or at a place that `problem` names itself.
    pub fn new(problem: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Content { line: None, column: None, problem: problem.into(), hint: hint.into() }
    }

    /// A fault at a line and a column of text, both from 1.
    pub fn on_line(
        line: u64,
        column: u64,
        problem: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self::Content {
            line: Some(line),
            column: Some(column),
            problem: problem.into(),
            hint: hint.into(),
        }
    }

    /// The same as the project's error, about the file at `path`.
    pub fn at(self, path: &Path) -> Error {
        match self {
            Self::Input(source) => Error::read(path, source),
            Self::Content { line, column, problem, hint } => {
                Act::ParseFile { path: path.into(), line, column, problem, hint }.into()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_file_and_the_place() {
        let error =
            Fault::on_line(3, 7, "`x` is no count", "write a number").at(Path::new("a.csv"));
        assert_eq!(error.to_string(), "`a.csv`, line 3, column 7: `x` is no count");
        assert_eq!(error.hint().as_deref(), Some("write a number"));
        let error = Fault::new("the file is empty", "measure again").at(Path::new("a.csv"));
        assert_eq!(error.to_string(), "`a.csv`: the file is empty");
    }

    #[test]
    fn a_failing_input_is_an_error_of_reading() {
        let source = io::Error::from_raw_os_error(5);
        let error = Fault::Input(source).at(Path::new("a.csv"));
        assert_eq!(error.to_string(), "cannot read `a.csv`: input/output error");
    }
}
