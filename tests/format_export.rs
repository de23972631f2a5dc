//! What `superlinear export` writes, opened by the tools that it is for: Python's pstats,
//! gprof2dot, callgrind_annotate, a decoder of protocol buffers, speedscope's schema; and files of
//! py-spy and VizTracer, which are read and written again.
#![expect(
    clippy::disallowed_methods,
    reason = "the real tools are run on files in temporary folders"
)]

#[path = "support/tools.rs"]
mod tools;

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use serde_json::Value;
use superlinear::format;
use superlinear::profile::Cost;
use superlinear::profile::CostUnit;
use superlinear::profile::Edge;
use superlinear::profile::Function;
use superlinear::profile::FunctionKey;
use superlinear::profile::Profile;
use tools::data;
use tools::named;
use tools::python;
use tools::run;

/// `main` calls `load` and `judge`, both call `look`; `judge` calls itself. Times are exact in
/// binary.
fn sample(unit: CostUnit) -> Profile {
    let function = |name: &str, line, ncall, nactual, tsub, ttot| Function {
        key: FunctionKey { name: name.into(), file: "/src/a b.py".into(), line },
        cost: Cost { ncall, nactual, tsub, ttot },
    };
    let edge = |caller, callee, ncall, ttot| Edge {
        caller,
        callee,
        cost: Cost { ncall, nactual: ncall, tsub: 0.0, ttot },
    };
    Profile {
        unit,
        counts_calls: true,
        functions: vec![
            function("main", 1, 1, 1, 1.0, 16.0),
            function("load", 10, 2, 2, 2.0, 5.0),
            function("judge", 20, 5, 1, 4.0, 10.0),
            function("look", 30, 900, 900, 9.0, 9.0),
        ],
        edges: vec![
            edge(0, 1, 2, 5.0),
            edge(0, 2, 1, 10.0),
            edge(1, 3, 300, 3.0),
            edge(2, 3, 600, 6.0),
            edge(2, 2, 4, 8.0),
        ],
        ..Profile::default()
    }
}

const UNITS: [CostUnit; 4] =
    [CostUnit::WallSeconds, CostUnit::CpuSeconds, CostUnit::Instructions, CostUnit::Samples];

#[test]
fn costs_come_back_from_every_format_that_is_read_too() {
    for unit in UNITS {
        let profile = sample(unit);
        for name in ["pstat", "callgrind", "speedscope", "folded", "chrome"] {
            let back = format::read_bytes(&write(name, &profile)).unwrap();
            let worth = match (name, unit) {
                ("chrome", CostUnit::Instructions | CostUnit::Samples) => 1e6,
                _ => 1.0,
            };
            for Function { key, cost } in &profile.functions {
                let same = back.functions.iter().find(|one| one.key == *key);
                let same = same.unwrap_or_else(|| panic!("{name} has lost {key:?}"));
                let (tsub, ttot) = (same.cost.tsub * worth, same.cost.ttot * worth);
                let close = |a: f64, b: f64| (a - b).abs() < 1e-6;
                assert!(close(tsub, cost.tsub) && close(ttot, cost.ttot), "{name}: {same:?}");
            }
            let edges = back.edges.iter().filter(|edge| edge.caller != edge.callee).count();
            assert_eq!(edges, 4, "{name}");
        }
        for name in ["callgrind", "speedscope"] {
            let back = format::read_bytes(&write(name, &profile)).unwrap();
            let expected = match unit {
                CostUnit::CpuSeconds if name == "speedscope" => CostUnit::WallSeconds,
                unit => unit,
            };
            assert_eq!(back.unit, expected, "{name}");
        }
    }
}

#[test]
fn the_same_profile_gives_the_same_bytes() {
    let profile = sample(CostUnit::WallSeconds);
    let mut turned = profile.clone();
    turned.functions.reverse();
    for edge in &mut turned.edges {
        (edge.caller, edge.callee) = (3 - edge.caller, 3 - edge.callee);
    }
    for writer in format::WRITERS {
        assert_eq!(writer.write(&profile), writer.write(&turned), "{}", writer.name());
        assert!(!writer.about().is_empty());
    }
}

#[test]
fn speedscope_accepts_what_is_written_for_it() {
    let schema: Value =
        serde_json::from_str(&fs::read_to_string(data("speedscope.schema.json")).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for unit in UNITS {
        let document: Value = serde_json::from_slice(&write("speedscope", &sample(unit))).unwrap();
        let faults: Vec<String> =
            validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert!(faults.is_empty(), "{faults:?}");
        let sampled = &document["profiles"][0];
        assert_eq!(
            sampled["samples"].as_array().unwrap().len(),
            sampled["weights"].as_array().unwrap().len()
        );
        assert_eq!(sampled["endValue"].as_f64(), Some(16.0));
    }
}

#[test]
fn callgrind_annotate_reads_what_is_written_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("callgrind.out");
    fs::write(&path, write("callgrind", &sample(CostUnit::Instructions))).unwrap();
    let annotate = |inclusive: &str| {
        let options = ["--auto=no", "--threshold=100", inclusive];
        let output = run(Command::new("callgrind_annotate").args(options).arg(&path));
        String::from_utf8(output).unwrap()
    };
    let own = annotate("--inclusive=no");
    assert!(own.contains("16 (100.0%)  PROGRAM TOTALS"), "{own}");
    assert!(own.contains("9 (56.25%)  /src/a b.py:look"), "{own}");
    let whole = annotate("--inclusive=yes");
    assert!(whole.contains("16 (100.0%)  /src/a b.py:main"), "{whole}");
    assert!(whole.contains("5 (31.25%)  /src/a b.py:load"), "{whole}");
}

#[test]
fn gprof2dot_draws_what_is_written_for_it() {
    let folder = tempfile::tempdir().unwrap();
    for (name, format) in [("pstat", "pstats"), ("callgrind", "callgrind"), ("folded", "collapse")]
    {
        let path = folder.path().join(name);
        fs::write(&path, write(name, &sample(CostUnit::WallSeconds))).unwrap();
        let options = ["-m", "gprof2dot", "-n", "0", "-e", "0", "-f", format];
        let graph = run(Command::new(python()).args(options).arg(&path));
        let graph = String::from_utf8(graph).unwrap();
        for function in ["main", "load", "judge", "look"] {
            assert!(graph.contains(function), "{name}: {graph}");
        }
        assert!(graph.contains("56.25%"), "{name}: {graph}");
    }
}

#[test]
fn a_decoder_of_protocol_buffers_reads_what_is_written_for_pprof() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pb.gz");
    for (unit, kind, counts) in [
        (CostUnit::WallSeconds, ["wall", "nanoseconds"], 1_000_000_000_u64),
        (CostUnit::CpuSeconds, ["cpu", "nanoseconds"], 1_000_000_000),
        (CostUnit::Instructions, ["instructions", "count"], 1),
        (CostUnit::Samples, ["samples", "count"], 1),
    ] {
        fs::write(&path, write("pprof", &sample(unit))).unwrap();
        let output = run(Command::new(python()).arg(data("read_pprof.py")).arg(&path));
        let decoded: Value = serde_json::from_slice(&output).unwrap();
        assert_eq!(decoded["sample_type"], serde_json::json!([kind]));
        let stacks: BTreeMap<String, u64> =
            serde_json::from_value(decoded["stacks"].clone()).unwrap();
        let expected = [
            ("main", 1),
            ("main;judge", 4),
            ("main;judge;look", 6),
            ("main;load", 2),
            ("main;load;look", 3),
        ];
        let expected: BTreeMap<String, u64> =
            expected.map(|(stack, weight)| (stack.to_string(), weight * counts)).into();
        assert_eq!(stacks, expected);
        assert_eq!(decoded["functions"]["look"], serde_json::json!(["/src/a b.py", 30]));
    }
}

#[test]
fn trace_events_are_nested_and_last_as_long_as_the_program() {
    let trace: Value =
        serde_json::from_slice(&write("chrome", &sample(CostUnit::WallSeconds))).unwrap();
    let events = trace["traceEvents"].as_array().unwrap();
    let spans: Vec<(&str, f64, f64)> = events
        .iter()
        .filter(|event| event["ph"] == "X")
        .map(|event| {
            let number = |key: &str| event[key].as_f64().unwrap();
            (event["name"].as_str().unwrap(), number("ts"), number("ts") + number("dur"))
        })
        .collect();
    assert_eq!(spans[0], ("main (/src/a b.py:1)", 0.0, 16e6));
    for (name, begin, end) in &spans {
        for (other, from, to) in &spans {
            let apart = end <= from || to <= begin;
            let within = begin >= from && end <= to || from >= begin && to <= end;
            assert!(apart || within, "{name} and {other} overlap");
        }
    }
    assert!(trace["traceEvents"][0]["args"]["name"].as_str().unwrap().contains("estimated"));
}

#[test]
fn what_py_spy_recorded_is_read_in_both_of_its_formats() {
    // Recorded apart, so that only functions and shares agree.
    let folded = format::read_profile(&data("py_spy.folded")).unwrap();
    let speedscope = format::read_profile(&data("py_spy.speedscope.json")).unwrap();
    for (profile, samples) in [(&folded, 137.0), (&speedscope, 77.0)] {
        assert_eq!((profile.unit, profile.counts_calls), (CostUnit::Samples, false));
        let total: f64 = profile.functions.iter().map(|one| one.cost.tsub).sum();
        assert!((total - samples).abs() < 1e-9, "{total}");
        let fib = named(profile, "fib");
        assert!(fib.cost.ttot > 0.6 * samples && fib.cost.ttot <= samples, "{fib:?}");
        assert_eq!((fib.key.file.as_str(), fib.key.line), ("w.py", 0));
        let work = named(profile, "work");
        assert!(work.cost.tsub < 0.1 * samples && work.cost.ttot >= fib.cost.ttot);
    }
    assert_eq!(speedscope.origin.warnings, ["each sample stands for 0.02 s"]);
}

#[test]
fn what_viztracer_traced_is_read_exactly() {
    let profile = format::read_profile(&data("viztracer.json")).unwrap();
    // 20 numbers, each with 1, 1, 3, 5 or 9 calls of `fib`.
    let fib = named(&profile, "fib");
    assert_eq!((fib.cost.ncall, fib.cost.nactual, fib.key.line), (76, 20, 1));
    assert_eq!(named(&profile, "work.<locals>.<genexpr>").cost.ncall, 21);
    assert_eq!(profile.unit, CostUnit::WallSeconds);
    let module = named(&profile, "<module>").cost;
    let own: f64 = profile.functions.iter().map(|one| one.cost.tsub).sum();
    assert!(module.ttot <= own && own < module.ttot * 1.5, "{module:?} of {own}");
    let recursion = profile.edges.iter().find(|edge| edge.caller == edge.callee).unwrap();
    assert_eq!(recursion.cost.ncall, 56);
}

#[test]
fn a_cut_file_is_refused_or_said_to_be_partial() {
    for name in [
        "py_spy.folded",
        "py_spy.speedscope.json",
        "pyinstrument.speedscope.json",
        "viztracer.json",
    ] {
        let content = fs::read(data(name)).unwrap();
        for length in 0..content.len() {
            let read =
                format::read_bytes(&content[..length]).map(|profile| profile.functions.len());
            let whole_lines = name.ends_with(".folded") && content[..length].ends_with(b"\n");
            let is_whole = content[..length].trim_ascii_end() == content.trim_ascii_end();
            assert!(read.is_err() || whole_lines || is_whole, "{name} cut at {length}: {read:?}");
        }
    }
}

#[test]
fn packed_files_are_read_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    for name in [
        "py_spy.folded",
        "py_spy.speedscope.json",
        "pyinstrument.speedscope.json",
        "viztracer.json",
        "cprofile_3.13.pstat",
    ] {
        let path = folder.path().join(name);
        fs::copy(data(name), &path).unwrap();
        run(Command::new("gzip").arg(&path));
        let packed = folder.path().join(format!("{name}.gz"));
        let expected = format::read_profile(&data(name)).unwrap();
        assert_eq!(format::read_profile(&packed).unwrap(), expected);
        let content = fs::read(&packed).unwrap();
        for length in 0..content.len() {
            assert!(format::read_bytes(&content[..length]).is_err(), "{name} cut at {length}");
        }
    }
}

#[test]
fn numbers_that_lie_cost_nothing() {
    let huge = "1152921504606846976";
    let texts = [
        format!(
            "# callgrind format\nevents: Ir\nfn=({huge}) f\n{huge} {huge}\ncfn=({huge})\ncalls={huge} +{huge}\n* {huge}\n"
        ),
        format!("a;b {huge}\na;b {huge}\n"),
        r#"{"shared": {"frames": []}, "profiles": [{"type": "evented", "unit": "none", "events": [{"type": "O", "frame": 4294967295, "at": 0}]}]}"#.to_string(),
        format!(
            r#"{{"shared": {{"frames": [{{"name": "f"}}]}}, "profiles": [{{"type": "sampled", "unit": "none", "samples": [[0]], "weights": [{huge}]}}]}}"#
        ),
        format!(r#"[{{"ph": "X", "name": "f", "ts": {huge}, "dur": {huge}}}]"#),
        "[".repeat(1 << 20),
        format!(r#"{{"traceEvents": {}"#, "[".repeat(1 << 20)),
    ];
    for text in texts {
        if let Ok(profile) = format::read_bytes(text.as_bytes()) {
            assert!(profile.functions.len() <= 2);
        }
    }
}

fn write(name: &str, profile: &Profile) -> Vec<u8> {
    format::writer_by_name(name).unwrap().write(profile)
}
