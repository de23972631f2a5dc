//! Samples of perf and py-spy, and memory over time.

use serde_json::Value;
use serde_json::json;
use superlinear::system::process::Exit;

use crate::measured::analysis;
use crate::measured::check_sampled;
use crate::measured::compiled;
use crate::measured::cost;
use crate::measured::function_of;
use crate::measured::program;
use crate::measured::root;
use crate::measured::sampled;
use crate::support::Place;
use crate::support::assert_code;

#[test]
fn perf_samples_a_long_run_or_says_what_the_kernel_refuses() {
    let program =
        program(&[&compiled("known.c", &["-g", "-O1", "-fno-omit-frame-pointer"]), "12000"]);
    let Some(measured) = sampled("perf", &program, "perf_event_paranoid") else { return };
    assert_eq!(measured.exit, Exit::Code(0));
    let profile = measured.profile.unwrap();
    check_sampled(&profile);
    let busy: f64 = profile.functions.iter().map(|function| function.cost.tsub).sum();
    let known = cost(&profile, "look").tsub + cost(&profile, "quadratic").tsub;
    assert!(known > 0.8 * busy, "{known} of {busy} samples");
    let look = &function_of(&profile, "look").key;
    assert!(look.file.ends_with("tests/data/native/known.c") && look.line == 9, "{look:?}");
}

#[test]
fn py_spy_samples_a_long_run_or_says_what_the_kernel_refuses() {
    let folder = root().join("target/python/bin");
    let python = folder.join("python").display().to_string();
    let script = root().join("tests/data/python/spin.py").display().to_string();
    let mut program = program(&[&python, &script, "2", "3"]);
    let path = std::env::var("PATH").unwrap();
    program.env.insert("PATH".into(), format!("{}:{path}", folder.display()));
    let Some(measured) = sampled("py-spy", &program, "ptrace_scope") else { return };
    assert_eq!(measured.exit, Exit::Code(3));
    assert_eq!(measured.stdout, "done\n");
    let profile = measured.profile.unwrap();
    check_sampled(&profile);
    let spin = profile.functions.iter().find(|function| function.key.name == "spin").unwrap();
    let busy: f64 = profile.functions.iter().map(|function| function.cost.tsub).sum();
    assert_eq!((spin.key.file.as_str(), spin.key.line), (script.as_str(), 7));
    assert!(spin.cost.tsub > 0.5 * busy, "{:?} of {busy} samples", spin.cost);
}

#[test]
fn memory_over_time_has_a_peak_a_jump_and_an_exponent() {
    let holds = "import sys, time; a = bytearray(int(sys.argv[1]) << 20); time.sleep(0.4)";
    let python = root().join("target/python/bin/python").display().to_string();
    let runs: Vec<Value> =
        [100, 200, 400, 800].map(|size| json!({ "id": format!("n{size}"), "size": size })).into();
    let place = Place::new(&json!({
        "workloads": { "w": { "command": [python, "-c", holds, "{size}"], "backend": "memory" } },
        "settings": { "memory_interval": "20ms" },
        "runs": runs,
    }));
    assert_code(&place.runner(&["--phase", "1"]), 0);
    let result = &place.plan()["results"]["n400"];
    let memory = &result["memory"][0];
    let bytes = |key: &str| memory[key].as_f64().unwrap();
    assert!((400.0..480.0).contains(&(bytes("peak_bytes") / f64::from(1 << 20))), "{memory}");
    assert!(bytes("mean_bytes") < bytes("peak_bytes"), "{memory}");
    assert!(bytes("largest_jump_bytes") > f64::from(1 << 20), "{memory}");
    let timeline = place.read("profiling/runs/n400/attempts/1/memory.csv");
    assert!(timeline.starts_with("seconds,resident_bytes,processes\n0.0"), "{timeline}");
    assert!(timeline.lines().count() > 5, "{timeline}");
    let found = analysis(&place);
    let exponent = found["memory"]["exponent"].as_f64().unwrap();
    assert!((exponent - 1.0).abs() < 0.1, "{}", found["memory"]);
}
