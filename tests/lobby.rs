//! What stands around the queue: lines for who watches, the answer so far, a command that is told,
//! completions and man pages; with real terminals, shells and `man`.

#![allow(clippy::disallowed_methods, reason = "tests make and break files as they like")]

mod support;

use std::fs;
use std::io::BufRead as _;
use std::io::BufReader;
use std::path::Path;
use std::process::Command;
use std::process::Output;
use std::process::Stdio;

use serde_json::Value;
use serde_json::json;
use support::Place;
use support::assert_code;
use support::assert_says;
use support::kill;
use support::stderr;
use support::stdout;
use support::wait_until;

const PAIRS: &str = "\
import sys
def look(left, right):
    return left ^ right
def pairs(count):
    for left in range(count):
        for right in range(left):
            found = look(left, right)
            for bit in range(20):
                found ^= right << bit
pairs(int(sys.argv[1]))
";

/// A program that calls one function for every pair of its things, under exact counts of calls; it
/// costs more itself than what it calls, so that no scatter of times puts that before it.
fn pairs(sizes: &[u64]) -> Place {
    let run = |size: &u64| json!({ "id": format!("size-{size}"), "phase": 1, "size": size });
    let place = Place::new(&json!({
        "workloads": { "pairs": {
            "command": ["python3", "pairs.py", "{size}"], "backend": "cprofile",
        } },
        "runs": sizes.iter().map(run).collect::<Vec<Value>>(),
    }));
    fs::write(place.path("pairs.py"), PAIRS).unwrap();
    place
}

/// Where `words` stand in `text`.
#[track_caller]
fn place_of(text: &str, words: &str) -> usize {
    text.find(words).unwrap_or_else(|| panic!("no {words:?} in:\n{text}"))
}

#[test]
fn the_culprit_is_told_before_the_largest_window_is_run() {
    let place = pairs(&[100, 200, 400, 800]);
    let output = place.runner(&["--phase", "1"]);
    assert_code(&output, 0);
    let said = stderr(&output);
    let told = place_of(&said, "so far `pairs`");
    assert!(place_of(&said, "done   size-400") < told, "{said}");
    assert!(told < place_of(&said, "start  size-800"), "{said}");
    let again = stderr(&place.runner(&["--resume"]));
    assert!(!again.contains("so far"), "nothing was measured: {again}");
}

#[test]
fn two_sizes_tell_nothing() {
    let place = pairs(&[100, 200]);
    let output = place.runner(&["--phase", "1"]);
    assert_code(&output, 0);
    assert!(!stderr(&output).contains("so far"), "{}", stderr(&output));
}

/// What a person sees of `command` at a terminal, without the codes that move the cursor.
fn at_a_terminal(place: &Place, arguments: &str) -> String {
    let line = format!("{} {arguments}", env!("CARGO_BIN_EXE_runner"));
    let mut command = place.command("script", &["-qefc", &line, "/dev/null"]);
    let output = command.env("TERM", "xterm").env("COLUMNS", "120").output().unwrap();
    assert_code(&output, 0);
    let shown = stdout(&output);
    let mut clean = String::new();
    let mut rest = shown.as_str();
    while let Some((before, code)) = rest.split_once("\u{1b}[") {
        clean += before;
        clean.push('\n');
        rest = code
            .trim_start_matches(|letter: char| letter.is_ascii_digit() || ";?".contains(letter));
        rest = rest.get(1..).unwrap_or_default();
    }
    clean + rest
}

#[test]
fn a_terminal_has_a_line_for_each_run() {
    let place = pairs(&[100, 200, 400, 800]);
    let shown = at_a_terminal(&place, "--phase 1");
    let mut last = 0;
    for words in [
        "size-100 (100): pending",
        "size-100 (100): running",
        "done   size-100: ",
        "size-200 (200): running, of about ",
        "size-800 (800): pending, about ",
        "so far `pairs`",
        "size-800 (800): running, of about ",
        "done   size-800: ",
    ] {
        let found = place_of(&shown[last..], words);
        last += found;
    }
    assert!(shown.contains("3 pending, about "), "{shown}");
}

/// The documents that were told, in order.
fn told(place: &Place) -> Vec<Value> {
    let text = place.read("told.txt");
    text.split("---\n")
        .filter(|one| !one.is_empty())
        .map(|one| serde_json::from_str(one).unwrap())
        .collect()
}

const TELL: &str = "sh -c 'cat >> told.txt; echo --- >> told.txt'";

#[test]
fn somebody_is_told_of_the_first_failure_and_of_the_end() {
    let place = Place::with_shell("[ $SIZE != 2 ] && [ $SIZE != 3 ]", 5);
    assert_code(&place.runner(&["--all", "--notify", TELL]), 1);
    let told = told(&place);
    let schema = fs::read_to_string(root().join("schema/notification.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    for document in &told {
        let faults: Vec<String> = schema.iter_errors(document).map(|e| e.to_string()).collect();
        assert!(faults.is_empty(), "{faults:?}");
    }
    let of = |key: &str| told.iter().map(|document| document[key].clone()).collect::<Vec<_>>();
    assert_eq!(of("occasion"), ["failed", "ended"]);
    assert_eq!(of("exit_code"), [Value::Null, json!(1)]);
    let end = &told[1];
    assert_eq!(end["counts"], json!({ "pending": 0, "running": 0, "done": 3, "error": 2 }));
    assert_eq!(end["failures"][1]["run"], "run-3");
    assert_eq!(end["message"], "the runner ended: 3 done, 2 in error, 0 running, 0 pending");
    assert_eq!(end["culprits"], json!([]));
}

#[test]
fn the_culprits_are_told() {
    let place = pairs(&[50, 100, 200, 400]);
    assert_code(&place.runner(&["--phase", "1", "--notify", TELL]), 0);
    let end = &told(&place)[0];
    assert_eq!(end["culprits"][0]["name"], "pairs");
    assert!(end["findings"][0].as_str().unwrap().contains("`pairs`"), "{end}");
}

#[test]
fn a_command_that_fails_is_told_and_harms_nothing() {
    let check = |notify: &str, words: &str| {
        let place = Place::with_shell("true", 1);
        let output = place.runner(&["--all", "--notify", notify]);
        assert_code(&output, 0);
        assert_says(&output, words);
    };
    check(
        "sh -c 'echo gone >&2; exit 3'",
        "--notify sh -c echo gone >&2; exit 3` failed: exit code 3: gone",
    );
    check("no-such-program-here", "cannot start `no-such-program-here`: there is no such program");
    check("true", "done   run-1");
    let place = Place::with_shell("true", 1);
    let output = place.runner(&["--all", "--notify", "mail | cat"]);
    assert_code(&output, 2);
    assert_eq!(place.states(), ["pending"]);
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// `program`, with the tool's binaries on its path.
fn shell(program: &str, arguments: &[&str]) -> Output {
    let binaries = Path::new(env!("CARGO_BIN_EXE_superlinear")).parent().unwrap();
    let path = std::env::var_os("PATH").unwrap();
    let path = std::iter::once(binaries.to_path_buf()).chain(std::env::split_paths(&path));
    let mut command = Command::new(program);
    command.args(arguments).env("PATH", std::env::join_paths(path).unwrap());
    command.output().unwrap_or_else(|error| panic!("`{program}`: {error}: run `sh tests/setup.sh`"))
}

#[test]
fn shells_complete_every_binary() {
    let bash = "source <(superlinear completions bash)
        try() { COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
            \"_$1\" \"$1\" \"${COMP_WORDS[COMP_CWORD]}\" \"${COMP_WORDS[COMP_CWORD - 1]}\"; echo \"${COMPREPLY[*]}\"; }
        try runner --pha; try analyzer --bott; try reports --form; try superlinear comp; try superlinear scan --inp";
    let output = shell("bash", &["--norc", "-c", bash]);
    assert_eq!(
        stdout(&output),
        "--phase\n--bottlenecks\n--format\ncompletions\n--input\n",
        "{}",
        stderr(&output)
    );
    let fish = "superlinear completions fish | source; complete -C 'runner --pha'; complete -C 'superlinear comp'";
    let output = shell("fish", &["--no-config", "-c", fish]);
    let shown = stdout(&output);
    assert!(
        shown.contains("--phase\t") && shown.contains("completions\t"),
        "{shown}{}",
        stderr(&output)
    );
    let zsh = "autoload -Uz compinit && compinit -D && source <(superlinear completions zsh) \
               && print ${_comps[runner]} ${_comps[analyzer]} ${_comps[reports]} ${_comps[superlinear]}";
    let output = shell("zsh", &["-f", "-c", zsh]);
    assert_eq!(stdout(&output), "_runner _analyzer _reports _superlinear\n", "{}", stderr(&output));
}

#[test]
fn every_page_is_clean_for_man() {
    let place = Place::with_shell("true", 1);
    assert_code(&place.superlinear(&["man", "--dir", "pages"]), 0);
    assert_code(&place.superlinear(&["completions", "zsh", "--dir", "zsh"]), 0);
    assert!(place.path("zsh/_runner").is_file());
    let mut names: Vec<String> = fs::read_dir(place.path("pages"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    for name in ["analyzer.1", "reports.1", "runner.1", "superlinear.1", "superlinear-scan.1"] {
        assert!(names.iter().any(|known| known == name), "{name} in {names:?}");
    }
    for name in &names {
        let page = place.path(&format!("pages/{name}"));
        let mut command =
            place.command("man", &["--warnings", "-E", "utf8", "-l", page.to_str().unwrap()]);
        let output =
            command.env("MANPAGER", "cat").env("MANWIDTH", "80").env("LC_ALL", "C.UTF-8").output();
        let output = output.expect("`man` starts: run `sh tests/setup.sh`");
        assert_code(&output, 0);
        assert_eq!(stderr(&output), "", "{name}");
        let shown = stdout(&output);
        let last = shown.lines().rev().take(40).collect::<String>();
        assert!(shown.contains("SYNOPSIS") && !last.is_empty(), "{name}: {shown}");
    }
    let output = place.superlinear(&["man", "runner"]);
    assert_code(&output, 0);
    assert!(stdout(&output).contains(".TH runner 1"), "{}", stdout(&output));
    assert_code(&place.superlinear(&["man", "runer"]), 2);
}

#[test]
fn a_report_is_kept_up_to_date_beside_the_runner() {
    let place = pairs(&[100, 200, 400]);
    let line = ["--phase", "1", "--format", "html", "--output", "live.html", "--watch"];
    let mut command = place.command(env!("CARGO_BIN_EXE_reports"), &line);
    let mut watching = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut heard = BufReader::new(watching.stderr.take().unwrap()).lines();
    let first = heard.next().unwrap().unwrap();
    assert!(first.starts_with("nothing to show yet: "), "{first}");
    assert!(!place.path("live.html").exists());
    assert_code(&place.runner(&["--run", "size-100"]), 0);
    wait_until("a page of one run", || place.read("live.html").contains("1 run of size 100"));
    assert_code(&place.runner(&["--phase", "1"]), 0);
    wait_until("a page of all", || place.read("live.html").contains("3 runs from size 100 to 400"));
    kill("INT", watching.id().cast_signed());
    assert_eq!(watching.wait().unwrap().code(), Some(130));
    assert_eq!(heard.next().unwrap().unwrap(), "live.html is up to date; Ctrl-C ends this");
    assert_code(&place.reports(&["--phase", "1", "--watch"]), 2);
}

#[test]
fn a_report_holds_the_benchmarks_of_its_plan_and_its_memory() {
    let run = |size: u64| json!({ "id": format!("size-{size}"), "size": size, "workload": "new" });
    let place = Place::new(&json!({
        "workloads": {
            "old": { "command": ["sh", "-c", "sleep 0.06"] },
            "new": { "command": ["sh", "-c", "sleep 0.01"] },
        },
        "suites": { "less-sleep": { "baseline": "old", "optimized": "new", "size": 1 } },
        "runs": [run(1), run(2), run(4)],
    }));
    let output = place.superlinear(&["bench", "--suite", "less-sleep", "--format", "html"]);
    let page = stdout(&output);
    assert!(page.contains("Distribution of times") && page.contains("class=\"median\""), "{page}");
    let reports = |format: &str| {
        let output = place.reports(&["--phase", "1", "--format", format]);
        assert_code(&output, 0);
        stdout(&output)
    };
    assert!(!place.reports(&["--phase", "1"]).status.success(), "no run of phase 1 is done");
    assert_code(&place.runner(&["--phase", "1"]), 0);
    let markdown = reports("markdown");
    for words in ["## Benchmarks", "| `less-sleep` | ", "## Memory over time", "| `size-4` | 4 | "]
    {
        assert!(markdown.contains(words), "no {words:?} in:\n{markdown}");
    }
    let page = reports("html");
    assert!(page.contains("Every mark is one execution"), "{page}");
}
