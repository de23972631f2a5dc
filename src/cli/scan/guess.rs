//! Which profiler suits a program, when nobody says: by what the program is and what is installed.

use std::collections::BTreeMap;
use std::path::Path;

use crate::cli::scan::binary;
use crate::cli::scan::binary::Kind;
use crate::error::Error;
use crate::measure;
use crate::measure::Program;
use crate::measure::python::command::PythonCommand;
use crate::system::env;

/// A backend, and why it was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    pub backend: &'static str,
    pub why: String,
    /// What would show more.
    pub hint: Option<String>,
}

/// The backend for the program that `words` start in `folder`.
pub fn backend(words: &[String], folder: &Path) -> Guess {
    let program = Program { argv: words.to_vec(), env: BTreeMap::new(), cwd: folder.into() };
    if PythonCommand::of(&program, "cprofile").is_ok() {
        return python(&program);
    }
    let name = words.first().map_or("", String::as_str);
    let path = env::find_program(name, None, folder);
    match path.map(|path| binary::kind(&path)) {
        Some(Kind::WithSymbols) => native(&program, name),
        Some(Kind::Stripped) => Guess {
            backend: "none",
            why: format!(
                "`{name}` has no table of symbols, so its functions have no names: \
                          it is judged as a whole"
            ),
            hint: Some("a build that is not stripped shows its functions".into()),
        },
        _ => Guess {
            backend: "none",
            why: format!("`{name}` is neither Python nor native code: it is judged as a whole"),
            hint: None,
        },
    }
}

fn python(program: &Program) -> Guess {
    match usable("yappi", program) {
        Ok(()) => Guess {
            backend: "yappi",
            why: "Python, and its interpreter has `yappi`: exact calls of all threads".into(),
            hint: None,
        },
        Err(reason) => Guess {
            backend: "cprofile",
            why: format!("Python, and {}", problem(&reason)),
            hint: reason
                .hint()
                .map(|hint| before(&hint, ", or use").to_string() + " to see all threads"),
        },
    }
}

fn native(program: &Program, name: &str) -> Guess {
    match usable("callgrind", program) {
        Ok(()) => Guess {
            backend: "callgrind",
            why: format!("`{name}` is native code: exact calls and instructions"),
            hint: None,
        },
        Err(reason) => Guess {
            backend: "none",
            why: format!(
                "`{name}` is native code, but {}: it is judged as a whole",
                problem(&reason)
            ),
            hint: reason
                .hint()
                .map(|hint| before(&hint, ", or use").to_string() + " to see its functions"),
        },
    }
}

/// Whether the backend of that name exists and can measure `program` here.
fn usable(name: &str, program: &Program) -> Result<(), Error> {
    measure::by_name(name)?.check(program)
}

/// The reason within a sentence.
fn problem(error: &Error) -> String {
    let text = error.to_string();
    text.split_once("`: ").map_or(text.as_str(), |(_, why)| why).to_string()
}

fn before<'a>(text: &'a str, mark: &str) -> &'a str {
    text.split_once(mark).map_or(text, |(head, _)| head)
}
