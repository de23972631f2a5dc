//! Profiles of native programs and of samplers against the tools that make and read them: valgrind
//! with its `callgrind_annotate`, yappi's own callgrind output, folded stacks.
#![expect(
    clippy::disallowed_methods,
    reason = "the real tools are run, and their files are changed, in temporary folders"
)]

#[path = "support/tools.rs"]
mod tools;

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use superlinear::format;
use superlinear::profile::Cost;
use superlinear::profile::CostUnit;
use superlinear::profile::Profile;
use tempfile::TempDir;
use tools::data;
use tools::named;
use tools::python;
use tools::run;

#[test]
fn what_callgrind_counts_is_read_with_recursion_counted_once() {
    let profile = read(&callgrind(50, &[]));
    assert_eq!(profile.unit, CostUnit::Instructions);
    assert!(profile.counts_calls);
    assert!(profile.origin.warnings.is_empty(), "{:?}", profile.origin.warnings);
    let counts = |name: &str| {
        let Cost { ncall, nactual, .. } = named(&profile, name).cost;
        (ncall, nactual)
    };
    assert_eq!(counts("main"), (1, 1));
    assert_eq!(counts("work"), (1, 1));
    assert_eq!(counts("linear"), (6, 6));
    assert_eq!(counts("fact"), (10, 1));
    assert_eq!((counts("even"), counts("odd")), ((5, 1), (5, 1)));
    for name in ["fact", "even", "odd"] {
        let Cost { tsub, ttot, .. } = named(&profile, name).cost;
        assert!(tsub <= ttot, "{name}");
    }
    // Nothing but itself is called by it.
    assert_eq!(named(&profile, "fact").cost.tsub, named(&profile, "fact").cost.ttot);
    let (even, odd) = (named(&profile, "even").cost, named(&profile, "odd").cost);
    assert!(even.ttot > odd.ttot && even.ttot == even.tsub + odd.tsub);
    let places = ["fact", "even", "odd", "work", "linear", "main"].map(|name| {
        (named(&profile, name).key.file.ends_with("recursion.c"), named(&profile, name).key.line)
    });
    assert_eq!(places, [4, 8, 10, 12, 20, 27].map(|line| (true, line)));
}

#[test]
fn levels_of_recursion_and_forms_of_positions_change_nothing() {
    let expected = read(&callgrind(50, &[]));
    let options: [&[&str]; 5] = [
        &["--separate-recs=1"],
        &["--separate-recs=5"],
        &["--dump-instr=yes"],
        &["--compress-pos=no", "--compress-strings=no"],
        &["--cache-sim=yes", "--branch-sim=yes", "--collect-jumps=yes"],
    ];
    for options in options {
        let profile = read(&callgrind(50, options));
        assert_eq!(callers(&profile, "linear"), callers(&expected, "linear"), "{options:?}");
        let mut names = vec!["main", "work", "linear", "fact", "even"];
        // Without levels a file does not tell what was called within a circle.
        if options[0] == "--separate-recs=1" {
            let (odd, even) = (named(&profile, "odd").cost, named(&profile, "even").cost);
            assert_eq!(odd.ttot, even.ttot);
        } else {
            names.push("odd");
            assert_eq!(callers(&profile, "fact"), callers(&expected, "fact"), "{options:?}");
        }
        for name in names {
            assert_eq!(named(&profile, name), named(&expected, name), "{options:?}");
        }
    }
}

#[test]
fn callgrind_annotate_says_the_same() {
    let path = callgrind(50, &[]);
    let profile = read(&path);
    for (options, of) in [
        (
            ["--inclusive=no", "--threshold=100", "--auto=no"],
            (|cost| cost.tsub) as fn(&Cost) -> f64,
        ),
        (["--inclusive=yes", "--threshold=100", "--auto=no"], |cost| cost.ttot),
    ] {
        let annotated = annotated(&path, &options);
        for name in ["main", "work", "linear", "even", "odd"] {
            let (_, expected) = annotated.iter().find(|(known, _)| known == name).unwrap();
            let of_all_levels: f64 = annotated
                .iter()
                .filter(|(known, _)| known.split('\'').next() == Some(name))
                .map(|(_, cost)| cost)
                .sum();
            let expected = if options[0] == "--inclusive=no" { of_all_levels } else { *expected };
            assert_eq!(of(&named(&profile, name).cost), expected, "{name}, {options:?}");
        }
    }
    let sum: f64 = profile.functions.iter().map(|function| function.cost.tsub).sum();
    let totals = fs::read_to_string(&path).unwrap();
    let totals = totals.lines().rev().find_map(|line| line.strip_prefix("totals: ")).unwrap();
    assert_eq!(sum, totals.parse::<f64>().unwrap());
}

#[test]
fn parts_of_one_file_add_up() {
    let whole = read(&callgrind(50, &[]));
    let parts = callgrind(50, &["--combine-dumps=yes", "--dump-before=linear"]);
    assert!(fs::read_to_string(&parts).unwrap().matches("\ntotals:").count() > 1);
    let parts = read(&parts);
    for name in ["work", "linear", "fact", "even", "odd"] {
        assert_eq!(named(&parts, name).cost.tsub, named(&whole, name).cost.tsub, "{name}");
        assert_eq!(named(&parts, name).cost.ncall, named(&whole, name).cost.ncall, "{name}");
    }
}

#[test]
fn yappi_saves_its_calls_and_microseconds_as_callgrind() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("wörk, \"1\".py");
    fs::copy(data("work.py"), &script).unwrap();
    run(Command::new(python()).arg(data("profile_yappi.py")).arg(&script).arg(folder.path()));
    let (saved, exact) = (
        format::read_profile(&folder.path().join("a.callgrind")).unwrap(),
        format::read_profile(&folder.path().join("a.pstat")).unwrap(),
    );
    assert_eq!(saved.unit, CostUnit::WallSeconds);
    assert_eq!(saved.origin.backend, "yappi");
    assert!(saved.origin.warnings[0].contains("does not say where it ends"));
    assert_eq!(saved.functions.len(), exact.functions.len());
    for function in &saved.functions {
        let same = exact.functions.iter().find(|one| one.key == function.key);
        let same = same.unwrap_or_else(|| panic!("{:?} is not in the pstat", function.key));
        let (cost, exact) = (function.cost, same.cost);
        assert!((cost.tsub - exact.tsub).abs() < 2e-6, "{function:?} {exact:?}");
        assert!(cost.ncall <= exact.ncall && cost.tsub <= cost.ttot, "{function:?} {exact:?}");
    }
    assert_eq!(saved.edges.len(), exact.edges.len());
    let factorial = named(&saved, "factorial");
    assert_eq!((factorial.cost.ncall, factorial.cost.nactual), (39, 2));
}

#[test]
fn a_cut_file_of_callgrind_is_refused_wherever_it_is_cut() {
    let content = fs::read(callgrind(50, &[])).unwrap();
    let step = content.len() / 199;
    for length in (0..content.len()).step_by(step).chain([content.len() - 1]) {
        let read = format::read_bytes(&content[..length]);
        assert!(read.is_err(), "cut at {length} of {}: {read:?}", content.len());
    }
    let small = small_callgrind();
    format::read_bytes(small.as_bytes()).unwrap();
    for length in 0..small.len() {
        assert!(format::read_bytes(&small.as_bytes()[..length]).is_err(), "cut at {length}");
    }
    let unmarked = small.replace("callgrind-3", "somebody");
    for length in 0..unmarked.len() {
        if let Ok(profile) = format::read_bytes(&unmarked.as_bytes()[..length]) {
            assert!(profile.origin.warnings[0].contains("may be missing"), "cut at {length}");
        }
    }
}

/// A file with everything that callgrind's files may have.
fn small_callgrind() -> String {
    "# callgrind format\nversion: 1\ncreator: callgrind-3\npid: 1\ncmd: ./a\npart: 1\n\n\
     desc: Trigger: Program termination\npositions: line\nevents: Ir Dr\nsummary: 200 3\n\n\
     ob=(1) /bin/a\nfl=(1) a.c\nfn=(1) main\n16 20 1\nfi=(2) a.h\n+3 5\nfe=(1)\n-3 5\n\
     cob=(2) lib.so\ncfi=(3) ???\ncfn=(2) work\ncalls=3 50\n* 160 2\njcnd=1/2 +3\n*\n\n\
     fl=(3)\nob=(2)\nfn=(2)\n0 160 2\n\ntotals: 190 3\n"
        .into()
}

/// What callgrind counts of the small program, made once for each list of options.
fn callgrind(size: u32, options: &[&str]) -> PathBuf {
    let folder = folder();
    let name: String = options.concat().chars().filter(char::is_ascii_alphanumeric).collect();
    let path = folder.join(format!("{size}{name}.callgrind"));
    let part = folder.join(format!("{size}{name}.{:?}", std::thread::current().id()));
    if !path.exists() {
        run(Command::new("valgrind")
            .args(["--tool=callgrind", "--quiet"])
            .arg(format!("--callgrind-out-file={}", part.display()))
            .args(options)
            .arg(folder.join("recursion"))
            .arg(size.to_string()));
        fs::rename(&part, &path).unwrap();
    }
    path
}

/// A folder with the small program, compiled.
fn folder() -> &'static Path {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        run(Command::new("cc")
            .args(["-g", "-O0", "-o"])
            .arg(folder.path().join("recursion"))
            .arg(data("recursion.c")));
        folder
    });
    folder.path()
}

/// Functions and costs as `callgrind_annotate` prints them.
fn annotated(path: &Path, options: &[&str]) -> Vec<(String, f64)> {
    let output = run(Command::new("callgrind_annotate").args(options).arg(path));
    let output = String::from_utf8(output).unwrap();
    let row = |line: &str| {
        let (cost, rest) = line.trim_start().split_once(" (")?;
        let cost = cost.replace(',', "").parse().ok()?;
        let name = rest.split_once(")  ")?.1.split(" [").next()?;
        Some((name.rsplit(':').next()?.to_string(), cost))
    };
    output.lines().filter_map(row).collect()
}

fn callers(profile: &Profile, callee: &str) -> Vec<(String, u64, f64)> {
    let name = |at: usize| profile.functions[at].key.name.clone();
    let of_callee = profile.edges.iter().filter(|edge| name(edge.callee) == callee);
    let mut callers: Vec<_> =
        of_callee.map(|edge| (name(edge.caller), edge.cost.ncall, edge.cost.ttot)).collect();
    callers.sort_by(|a, b| a.0.cmp(&b.0));
    callers
}

fn read(path: &Path) -> Profile {
    format::read_profile(path).unwrap()
}
