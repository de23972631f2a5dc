//! Calls and times of uftrace, and what it loses.

use superlinear::profile::CostUnit;
use superlinear::system::process::Exit;

use crate::measured::check_known;
use crate::measured::compiled;
use crate::measured::cost;
use crate::measured::function_of;
use crate::measured::measure;
use crate::measured::program;

#[test]
fn uftrace_counts_calls_exactly_and_tells_callers() {
    for options in [&["-g", "-O1", "-pg"], &["-g", "-O1", "-finstrument-functions"]] {
        let program = program(&[&compiled("known.c", options), "30", "fork", "3"]);
        let measured = measure("uftrace", &program);
        assert_eq!(measured.exit, Exit::Code(3), "{options:?}");
        let profile = measured.profile.unwrap();
        assert_eq!(profile.unit, CostUnit::WallSeconds);
        // A forked child has nothing open, so that its call from `main` has no caller.
        check_known(&profile, 1);
        let quadratic = cost(&profile, "quadratic");
        assert!(quadratic.tsub > 0.0 && quadratic.ttot > cost(&profile, "look").ttot);
        let look = profile.functions.iter().find(|function| function.key.name == "look").unwrap();
        assert!(look.key.file.ends_with("known.c"), "{:?}", look.key);
        assert_eq!(look.key.line, 9, "{options:?}");
        // What the trace shows of its own cost: `look` does next to nothing.
        let call_cost = profile.origin.call_cost_nanoseconds.unwrap();
        assert!((5.0..=1_000.0).contains(&call_cost), "{call_cost} ns a call");
    }
}

#[test]
fn uftrace_measures_a_rust_program_that_was_not_built_for_it() {
    let program = program(&[&compiled("known.rs", &["-g", "-O"]), "30"]);
    let measured = measure("uftrace", &program);
    assert_eq!(measured.exit, Exit::Code(0));
    let profile = measured.profile.unwrap();
    assert_eq!(cost(&profile, "known::list::quadratic").ncall, 1);
    // Whole paths tell the standard library from the program's own `src`.
    let file = |name| function_of(&profile, name).key.file.as_str();
    assert!(file("known::list::quadratic").ends_with("tests/data/native/known.rs"));
    let of_library = profile.functions.iter().filter(|one| one.key.name.starts_with("std::io::"));
    let relative: Vec<_> = of_library.filter(|one| !one.key.file.starts_with('/')).collect();
    assert!(relative.is_empty(), "{relative:#?}");
}

#[test]
fn uftrace_says_that_deep_calls_are_lost() {
    let program = program(&[&compiled("deep.c", &["-O1", "-pg"]), "2000"]);
    let profile = measure("uftrace", &program).profile.unwrap();
    assert!(cost(&profile, "deep").ncall < 2001);
    let warnings = profile.origin.warnings.join("\n");
    assert!(warnings.contains("1,024") && warnings.contains("callgrind"), "{warnings}");
}
