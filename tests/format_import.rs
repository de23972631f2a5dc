//! Profiles that other tools recorded, read as they are: pyinstrument's events, perf's samples as
//! inferno collapses them, and whatever yappi saves, packed.
#![expect(
    clippy::disallowed_methods,
    reason = "the real tools are run on files in temporary folders"
)]

#[path = "support/tools.rs"]
mod tools;

use std::fs;
use std::process::Command;

use inferno::collapse::Collapse as _;
use inferno::collapse::perf::Folder;
use inferno::collapse::perf::Options;
use superlinear::format;
use superlinear::profile::Cost;
use superlinear::profile::CostUnit;
use tools::data;
use tools::named;
use tools::python;
use tools::run;

#[test]
fn what_pyinstrument_recorded_as_events_is_no_count_of_calls() {
    let profile = format::read_profile(&data("pyinstrument.speedscope.json")).unwrap();
    assert_eq!((profile.unit, profile.counts_calls), (CostUnit::WallSeconds, false));
    assert_eq!(profile.origin.backend, "pyinstrument");
    assert!(profile.origin.warnings[0].contains("no call counts"), "{:?}", profile.origin.warnings);
    // When its last event comes.
    let whole = 0.14775500600080704;
    let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
    let cost = |name: &str| named(&profile, name).cost;
    assert!(close(cost("<module>").ttot, whole), "{:?}", cost("<module>"));
    assert!(close(cost("outer").ttot, whole) && cost("outer").tsub == 0.0, "{:?}", cost("outer"));
    let key = &named(&profile, "outer").key;
    assert_eq!((key.file.as_str(), key.line), ("evw.py", 11));
    // `inner` calls itself; all the time is spent there and in what it calls.
    assert!(close(cost("inner").ttot, whole), "{:?}", cost("inner"));
    assert!(close(cost("inner").tsub + cost("perf_counter").tsub, whole), "{:?}", cost("inner"));
    assert_eq!(cost("[self]"), Cost::default());
}

#[test]
fn what_perf_sampled_and_inferno_collapsed_is_read() {
    let script = fs::read(data("perf.script")).unwrap();
    let mut folded = Vec::new();
    Folder::from(Options::default()).collapse(&script[..], &mut folded).unwrap();
    let profile = format::read_bytes(&folded).unwrap();
    assert_eq!((profile.unit, profile.counts_calls), (CostUnit::Samples, false));
    // inferno writes nanoseconds, 4,000,000 for each sample.
    assert!(profile.origin.warnings[0].contains("multiples of 4000000"));
    // Each sample is a line without indentation, and the stack below it, innermost first.
    let text = String::from_utf8(script).unwrap();
    let stacks: Vec<&str> = text.split("\n\n").filter(|one| one.contains("cpu-clock")).collect();
    let total: f64 = profile.functions.iter().map(|one| one.cost.tsub).sum();
    assert_eq!((stacks.len(), total), (17, 17.0));
    let count = |is: &dyn Fn(&str) -> bool| stacks.iter().filter(|stack| is(stack)).count() as f64;
    for name in ["quadratic", "look"] {
        let innermost = count(&|stack| stack.lines().nth(1).unwrap().contains(name));
        assert!(innermost > 0.0);
        assert_eq!(named(&profile, name).cost.tsub, innermost, "{name}");
    }
    assert_eq!(named(&profile, "main").cost.ttot, count(&|stack| stack.contains(" main+")));
}

#[test]
fn whatever_yappi_saves_is_read_packed_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("work.py");
    fs::copy(data("work.py"), &script).unwrap();
    run(Command::new(python()).arg(data("profile_yappi.py")).arg(&script).arg(folder.path()));
    for name in ["a.pstat", "a.callgrind", "label.csv", "columns.csv", "threads.csv"] {
        let path = folder.path().join(name);
        let expected = format::read_profile(&path).unwrap();
        run(Command::new("gzip").arg(&path));
        let packed = folder.path().join(format!("{name}.gz"));
        assert_eq!(format::read_profile(&packed).unwrap(), expected, "{name}");
        let content = fs::read(&packed).unwrap();
        for length in (0..content.len()).step_by(content.len() / 50) {
            assert!(format::read_bytes(&content[..length]).is_err(), "{name} cut at {length}");
        }
    }
}
