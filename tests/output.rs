//! `--output`: an ordinary file is replaced whole, anything else that stands there is written into
//! and stays what it is.

#![allow(clippy::disallowed_methods, reason = "tests make and break files as they like")]

mod support;

use std::fs;
use std::os::unix::fs::FileTypeExt as _;
use std::os::unix::fs::symlink;
use std::process::Command;
use std::process::Stdio;

use serde_json::json;
use support::Place;
use support::assert_code;
use support::assert_says;
use support::stderr;
use support::stdout;

const TABLE: &str = "id,size,value\na,10,100\na,20,400\na,40,1600\na,80,6400\n";
const JUDGE: [&str; 6] = ["--measurements", "m.csv", "--counters", "--format", "csv", "--output"];

/// A folder with measurements, and what is printed of them.
fn place() -> (Place, String) {
    let place = Place::new(&json!({ "runs": [] }));
    fs::write(place.path("m.csv"), TABLE).unwrap();
    let printed = stdout(&place.analyzer(&JUDGE[..5]));
    assert!(printed.contains("n^2,n^2,1.0"), "{printed}");
    (place, printed)
}

fn output(name: &str) -> Vec<&str> {
    JUDGE.into_iter().chain([name]).collect()
}

/// What a reader of the pipe `name` sees while the command is executed.
fn piped(place: &Place, name: &str, mut command: Command) -> String {
    assert!(Command::new("mkfifo").arg(place.path(name)).status().unwrap().success());
    let reader = place.command("cat", &[name]).stdout(Stdio::piped()).spawn().unwrap();
    let ended = command.output().unwrap();
    let is_pipe = fs::symlink_metadata(place.path(name)).unwrap().file_type().is_fifo();
    if !is_pipe {
        // The reader of a pipe that is gone would wait for ever.
        let mut reader = reader;
        reader.kill().unwrap();
        reader.wait().unwrap();
        panic!("the pipe was replaced");
    }
    assert_code(&ended, 0);
    String::from_utf8_lossy(&reader.wait_with_output().unwrap().stdout).into_owned()
}

#[test]
fn a_named_pipe_is_written_into() {
    let (place, printed) = place();
    let command = place.command(env!("CARGO_BIN_EXE_analyzer"), &output("pipe"));
    assert_eq!(piped(&place, "pipe", command), printed);
    fs::write(place.path("a.csv"), "name,ncall,tsub,ttot,tavg\na.py:1 f,2,3,4,2\n").unwrap();
    let export = ["export", "--profile", "a.csv", "--format", "folded", "--output", "pipe2"];
    let command = place.command(env!("CARGO_BIN_EXE_superlinear"), &export);
    assert!(piped(&place, "pipe2", command).starts_with("f (a.py:1)"));
}

#[test]
fn a_device_is_written_into_where_one_can_be_made() {
    let (place, _) = place();
    let made = place.command("mknod", &["-m", "666", "null", "c", "1", "3"]).output().unwrap();
    if !made.status.success() {
        // Only the superuser makes devices; what can be asserted then is that nothing came of it.
        assert!(!place.path("null").exists(), "{}", stderr(&made));
        return;
    }
    let is_device =
        || fs::symlink_metadata(place.path("null")).unwrap().file_type().is_char_device();
    assert!(is_device());
    let ended = place.analyzer(&output("null"));
    assert!(is_device(), "the device was replaced");
    // A file system may hold devices and not let anybody open them.
    assert!(ended.status.success() || stderr(&ended).contains("cannot write `null`"));
}

#[test]
fn an_open_descriptor_goes_on_where_it_was() {
    let (place, printed) = place();
    fs::write(place.path("log"), "earlier\n").unwrap();
    symlink("/proc/self/fd/1", place.path("standard")).unwrap();
    for (name, descriptor) in [("standard", ">>"), ("/dev/fd/3", "3>>")] {
        fs::write(place.path("log"), "earlier\n").unwrap();
        let script = format!(
            "{{ echo before >&2; \"$0\" {}; echo after >&2; }} {descriptor} log 2>> log",
            output(name).join(" ")
        );
        let shell = ["-c", script.as_str(), env!("CARGO_BIN_EXE_analyzer")];
        assert_code(&place.command("sh", &shell).output().unwrap(), 0);
        assert_eq!(place.read("log"), format!("earlier\nbefore\n{printed}after\n"), "{name}");
        assert!(fs::symlink_metadata(place.path("standard")).unwrap().is_symlink());
    }
}

#[test]
fn a_link_stays_one_even_before_its_file_is_there() {
    let (place, printed) = place();
    symlink("later.csv", place.path("link.csv")).unwrap();
    for _ in 0..2 {
        assert_code(&place.analyzer(&output("link.csv")), 0);
        assert!(fs::symlink_metadata(place.path("link.csv")).unwrap().is_symlink());
        assert_eq!(place.read("later.csv"), printed);
    }
    symlink("circle", place.path("circle")).unwrap();
    let circle = place.analyzer(&output("circle"));
    assert_code(&circle, 1);
    assert_says(&circle, "cannot write `circle`");
}

#[test]
fn a_folder_that_is_missing_is_made_and_told() {
    let (place, printed) = place();
    let first = place.analyzer(&output("new/below/m.csv"));
    assert_code(&first, 0);
    assert_says(&first, "made the folder `new/below`");
    assert_eq!(place.read("new/below/m.csv"), printed);
    let again = place.analyzer(&output("new/below/m.csv"));
    assert_eq!(stderr(&again), "");
    let folder = place.analyzer(&output("new"));
    assert_code(&folder, 1);
    assert_says(&folder, "cannot write `new`");
}
