//! One workload of a plan on disk, checked: what it starts, what is done before and after, what it
//! is fed.

use std::collections::BTreeMap;

use crate::plan::found::Found;
use crate::plan::model::Input;
use crate::plan::model::Launch;
use crate::plan::model::Task;
use crate::plan::model::Workload;
use crate::plan::problem::Step;
use crate::plan::wire::WorkloadWire;
use crate::plan::words::Words;

/// The sample that a plan without workloads runs.
pub const DEFAULT_SAMPLE: &str = "gc_futures";

/// The workload of a plan that has none.
pub fn embedded_sample() -> Workload {
    Workload {
        task: Task::Sample(DEFAULT_SAMPLE.into()),
        backend: "spans".into(),
        env: BTreeMap::new(),
        timeout: None,
        cwd: None,
        prepare: None,
        cleanup: None,
        input: None,
        literal: false,
    }
}

/// The workload `name`, of the samples and backends that there are; what is wrong with it goes to
/// `found`.
pub fn workload(
    found: &mut Found,
    name: &str,
    wire: &WorkloadWire,
    samples: &[&str],
    backends: &[&str],
) -> Workload {
    let at = |key: &str| vec![Step::from("workloads"), Step::from(name), Step::from(key)];
    let task = task(found, name, wire, samples);
    let backend = wire.backend.clone().unwrap_or_else(|| match task {
        Task::Sample(_) => "spans".into(),
        Task::Command(_) => "none".into(),
    });
    found.known(&at("backend"), "backend", &backend, backends);
    for key in wire.env.keys().filter(|key| key.is_empty() || key.contains(['=', '\0'])) {
        found.push(&at("env"), format!("{key:?} is no name of a variable"), "rename it");
    }
    let mut hook = |key: &str, words: &Option<Words>| {
        words.as_ref().map(|words| launch(found, &at(key), name, key, words, wire.shell))
    };
    let (prepare, cleanup) = (hook("prepare", &wire.prepare), hook("cleanup", &wire.cleanup));
    let input = wire.input.as_ref().map(|words| input(found, &at("input"), name, words));
    let workload = Workload {
        task,
        backend,
        env: wire.env.iter().map(|(key, value)| (key.clone(), value.clone())).collect(),
        timeout: found.duration(&at("timeout"), wire.timeout.as_deref()),
        cwd: wire.cwd.clone(),
        prepare,
        cleanup,
        input,
        literal: wire.literal,
    };
    check_input(found, &at("input"), name, &workload);
    workload
}

fn task(found: &mut Found, name: &str, wire: &WorkloadWire, samples: &[&str]) -> Task {
    let at = |key: &str| vec![Step::from("workloads"), Step::from(name), Step::from(key)];
    match (&wire.sample, &wire.command) {
        (Some(sample), None) => {
            found.known(&at("sample"), "sample", sample, samples);
            Task::Sample(sample.clone())
        }
        (None, Some(words)) => {
            if wire.shell && matches!(words, Words::List(_)) {
                let problem =
                    format!("workload `{name}` asks for a shell, but its command is a list");
                found.push(&at("command"), problem, "write the line for the shell as one text");
            }
            Task::Command(launch(found, &at("command"), name, "command", words, wire.shell))
        }
        (sample, _) => {
            let how = if sample.is_some() { "both" } else { "neither" };
            found.push(
                &at("command")[..2],
                format!("workload `{name}` has {how} of `sample` and `command`"),
                "give exactly one of them",
            );
            Task::Command(Launch::Words(Vec::new()))
        }
    }
}

/// A list is started as it is; one text is a line for a shell, which the workload must ask for.
fn launch(
    found: &mut Found,
    at: &[Step],
    name: &str,
    key: &str,
    words: &Words,
    shell: bool,
) -> Launch {
    if let Words::One(line) = words {
        if !shell {
            let problem = format!("`{key}` of workload `{name}` is one text, not a list of words");
            let hint = format!("write {}, or add `\"shell\": true`", as_list(line));
            found.push(at, problem, hint);
        }
        if line.trim().is_empty() {
            found.push(at, format!("`{key}` of workload `{name}` is empty"), "give a line");
        }
    }
    let list = match words {
        Words::One(line) => std::slice::from_ref(line),
        Words::List(list) => list,
    };
    check_words(found, at, name, list);
    match words {
        Words::One(line) => Launch::Shell(line.clone()),
        Words::List(list) => Launch::Words(list.clone()),
    }
}

fn input(found: &mut Found, at: &[Step], name: &str, words: &Words) -> Input {
    match words {
        Words::One(file) if file.trim().is_empty() => {
            let hint = "give the path of a file, or the command that makes it as a list";
            found.push(at, format!("`input` of workload `{name}` is empty"), hint);
            Input::File(file.clone())
        }
        Words::One(file) => Input::File(file.clone()),
        Words::List(list) => {
            check_words(found, at, name, list);
            Input::Made(list.clone())
        }
    }
}

/// What a command asks for must be there, and an input cannot be made from itself.
fn check_input(found: &mut Found, at: &[Step], name: &str, workload: &Workload) {
    const ASKED: &str = "{input}";
    let itself = workload.input.iter().flat_map(Input::texts);
    if itself.into_iter().any(|text| text.contains(ASKED)) {
        let problem = format!("the input of workload `{name}` asks for `{ASKED}`, which is itself");
        found.push(at, problem, "use `{size}`, `{start}` and `{end}` there");
    }
    if workload.input.is_none() && workload.texts().any(|text| text.contains(ASKED)) {
        let problem = format!("workload `{name}` asks for `{ASKED}` but has no `input`");
        found.push(
            &at[..2],
            problem,
            "add `input`: a file, or the command that makes it as a list",
        );
    }
}

fn check_words(found: &mut Found, at: &[Step], name: &str, words: &[String]) {
    if words.first().is_none_or(String::is_empty) {
        let problem = format!("workload `{name}` has an empty command");
        found.push(at, problem, "give the program and its arguments as a list");
    }
    if words.iter().any(|part| part.contains('\0')) {
        found.push(at, "a command cannot hold the character NUL", "remove it");
    }
}

/// The words of a simple line as they would be written in a list.
fn as_list(line: &str) -> String {
    const MOST: usize = 6;
    let words: Vec<String> =
        line.split_whitespace().take(MOST).map(|word| format!("\"{word}\"")).collect();
    let more = if line.split_whitespace().nth(MOST).is_some() { ", …" } else { "" };
    format!("`[{}{more}]`", words.join(", "))
}
