//! Plans and folders that somebody made to do harm: refused with a message, and nothing is written
//! outside the output folder.

#![allow(clippy::disallowed_methods, reason = "tests make and break files as they like")]

mod support;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use serde_json::json;
use support::Place;
use support::assert_code;
use support::assert_says;
use support::stderr;

/// What lies in a folder and below it, with contents.
fn tree(folder: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.is_symlink() {
            found.extend(tree(&path));
        }
        found.push((path.clone(), fs::read(&path).unwrap_or_default()));
    }
    found.sort();
    found
}

fn check_id(id: &str, words: &str) {
    let outer = Place::with_text("{}");
    fs::create_dir(outer.path("inner")).unwrap();
    let plan = json!({
        "workloads": { "w": { "command": ["true"] } },
        "runs": [{ "id": id, "size": 1 }],
    });
    fs::write(outer.path("inner/plan.json"), plan.to_string()).unwrap();
    let before = tree(&outer.path(""));
    for act in ["--all", "--status", "--validate", "--resume", "--reap"] {
        let output = outer.runner(&[act, "--plan", "inner/plan.json"]);
        assert_code(&output, 3);
        assert_says(&output, words);
        assert!(stderr(&output).len() < 2_000, "{} bytes", stderr(&output).len());
        assert!(!stderr(&output).contains('\u{1b}'), "control characters reach the terminal");
    }
    let after: Vec<_> = tree(&outer.path(""))
        .into_iter()
        .filter(|(path, _)| !path.ends_with("plan.json.lock"))
        .collect();
    assert_eq!(before, after, "something was written for {id:?}");
}

#[test]
fn an_id_that_is_no_file_name_is_refused() {
    check_id("../../x", "path separator");
    check_id("a/b", "path separator");
    check_id("a\\b", "path separator");
    check_id("..", "holds `..`");
    check_id(".", "begins with `.`");
    check_id("/etc/passwd", "path separator");
    check_id("a\0b", "control character U+0000");
    check_id("a\nb", "control character U+000A");
    check_id("a\u{1b}[31mb", "control character U+001B");
    check_id("a\u{2215}b", "U+2215, which is not ASCII");
    check_id("\u{ff0e}\u{ff0e}", "U+FF0E, which is not ASCII");
    check_id("a\u{202e}b", "U+202E, which is not ASCII");
    check_id("wk\u{0430}", "U+0430, which is not ASCII");
    check_id(&"x".repeat(10_000), "more than 128");
    check_id("", "is empty");
    check_id("--all", "begins with `-`");
    check_id("a.", "ends with a space or a dot");
}

/// A plan whose output would go through a link at `below` to a folder outside: nothing gets there.
fn check_link(below: &str, is_fatal: bool) {
    let outside = Place::with_text("{}");
    let place = Place::with_shell("touch executed", 1);
    let link = place.path(below);
    fs::create_dir_all(link.parent().unwrap()).unwrap();
    symlink(outside.path(""), &link).unwrap();
    let before = tree(&outside.path(""));
    let output = place.runner(&["--all"]);
    assert_eq!(tree(&outside.path("")), before, "{below}: something was written outside");
    assert!(link.is_symlink(), "{below}");
    if is_fatal {
        assert_code(&output, 1);
        assert_says(&output, "symbolic link");
        assert!(!place.path("executed").exists(), "{below}");
    }
}

#[test]
fn output_never_goes_through_a_symbolic_link() {
    check_link("profiling", true);
    check_link("profiling/runs", true);
    check_link("profiling/runs/run-1", true);
    check_link("profiling/runs/run-1/attempts", true);
    check_link("profiling/cache", true);
    check_link("profiling/cache/shell", true);
    check_link("profiling/runs/run-1/lock", false);
}

#[test]
fn a_link_in_the_place_of_an_output_file_is_replaced_and_not_followed() {
    let outside = Place::with_text("precious");
    let place = Place::new(
        &json!({ "runs": [{ "id": "wk", "start": "2025-01-20", "end": "2025-01-20" }] }),
    );
    fs::create_dir(place.path("profiling")).unwrap();
    for name in ["wk.funcs.wall.csv", "wk.threads.wall.csv", "wk.wall.pstat"] {
        symlink(outside.plan_path(), place.path("profiling").join(name)).unwrap();
    }
    assert_code(&place.runner(&["--all"]), 0);
    assert_eq!(outside.plan_text(), "precious");
    assert!(!place.path("profiling/wk.wall.pstat").is_symlink());
}

#[test]
fn a_plan_that_is_a_link_stays_one_and_has_one_lock_whatever_its_name() {
    let place = Place::with_shell("echo $ID >> executed", 2);
    fs::create_dir(place.path("elsewhere")).unwrap();
    symlink(place.plan_path(), place.path("elsewhere/link.json")).unwrap();
    assert_code(&place.runner(&["--run", "run-1", "--plan", "elsewhere/link.json"]), 0);
    assert!(place.path("elsewhere/link.json").is_symlink());
    assert_eq!(place.plan()["runs"][0]["status"], "done");
    assert_eq!(fs::read_dir(place.path("elsewhere")).unwrap().count(), 1);
    assert!(place.path("profiling_plan.json.lock").exists());
    assert!(place.path("profiling/runs/run-1/attempts/1").exists());
    symlink("loop.json", place.path("loop.json")).unwrap();
    assert_code(&place.runner(&["--all", "--plan", "loop.json"]), 3);
}

#[test]
fn a_plan_of_a_hundred_megabytes_is_refused() {
    let place = Place::with_text("");
    let file = fs::File::create(place.plan_path()).unwrap();
    file.set_len(100 << 20).unwrap();
    let output = place.runner(&["--all"]);
    assert_code(&output, 3);
    assert_says(&output, "more than the limit");
    assert_says(&output, "split it into several plans");
}

#[test]
fn a_plan_that_is_nested_deeply_is_refused() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let depth = 200_000;
        let text = format!("{{\"x\": {}1{}}}", open.repeat(depth), close.repeat(depth));
        let output = Place::with_text(&text).runner(&["--status"]);
        assert_code(&output, 3);
        assert_says(&output, "nested more than 100 levels deep");
    }
}

/// A journal that is no journal: refused, the plan as it was, nothing executed.
fn check_journal(make: impl FnOnce(&Place, &Path), code: i32, words: &str) {
    let place = Place::with_shell("touch executed", 1);
    let before = place.plan_text();
    make(&place, &place.path("profiling_plan.json.journal"));
    let output = place.runner(&["--all"]);
    assert_code(&output, code);
    assert_says(&output, words);
    assert_eq!(place.plan_text(), before);
    assert!(!place.path("executed").exists());
}

#[test]
fn a_journal_that_is_none_is_refused() {
    let claim =
        "{\"run\":\"run-1\",\"event\":\"reset\",\"attempts\":0,\"at\":\"2025-01-01T00:00:00Z\"}\n";
    check_journal(|_, path| fs::create_dir(path).unwrap(), 1, "not an ordinary file");
    let fifo = |_: &Place, path: &Path| {
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    };
    check_journal(fifo, 1, "not an ordinary file");
    let link = |place: &Place, path: &Path| {
        fs::write(place.path("precious"), claim).unwrap();
        symlink(place.path("precious"), path).unwrap();
    };
    check_journal(link, 1, "not an ordinary file");
    let huge = |_: &Place, path: &Path| {
        fs::File::create(path).unwrap().set_len(1 << 40).unwrap();
    };
    check_journal(huge, 1, "more than the limit");
    let damaged = format!("{claim}nonsense\n{claim}");
    check_journal(|_, path| fs::write(path, damaged).unwrap(), 1, "line 2");
}

#[test]
fn a_torn_last_line_of_a_journal_is_forgiven() {
    let place = Place::with_shell("echo $ID >> executed", 1);
    fs::write(place.path("profiling_plan.json.journal"), "{\"run\":\"run-1\",\"event\":\"cl")
        .unwrap();
    assert_code(&place.runner(&["--all"]), 0);
    assert_eq!(place.states(), ["done"]);
    assert_eq!(place.lines("executed"), ["run-1"]);
}

#[test]
fn a_result_that_points_elsewhere_is_neither_read_nor_written_there() {
    let outside = Place::with_text("name,ncall,tsub,ttot,tavg\nsecret:1 f,1,1,1,1\n");
    let secret = outside.plan_path();
    let name = outside.path("").file_name().unwrap().to_string_lossy().into_owned();
    let place = Place::with_shell("true", 3);
    assert_code(&place.runner(&["--all"]), 0);
    let mut plan = place.plan();
    for (run, path) in [
        ("run-1", format!("../{name}/profiling_plan.json")),
        ("run-2", secret.to_string_lossy().into_owned()),
        ("run-3", format!("profiling/../../{name}/profiling_plan.json")),
    ] {
        for kind in ["functions", "profile", "pstat"] {
            plan["results"][run]["files"]
                .as_array_mut()
                .unwrap()
                .insert(0, json!({ "path": path, "kind": kind, "bytes": 1, "sha256": "" }));
        }
    }
    fs::write(place.plan_path(), plan.to_string()).unwrap();
    let before = tree(&outside.path(""));
    for output in
        [place.analyzer(&["--phase", "1"]), place.reports(&["--phase", "1", "--format", "text"])]
    {
        let said = format!("{}{}", support::stdout(&output), stderr(&output));
        assert!(!said.contains("secret"), "{said}");
        assert!(output.status.code().is_some_and(|code| code <= 3), "{said}");
    }
    assert_code(&place.runner(&["--reset", "run-1"]), 0);
    assert_eq!(tree(&outside.path("")), before);
}
