//! Where functions are declared, by the debug information of programs that callgrind ran.

use std::fs;

use superlinear::measure::beginnings::located;
use superlinear::profile::Function;
use superlinear::profile::FunctionKey;
use superlinear::profile::Profile;

use crate::measured::compiled;
use crate::measured::cost;
use crate::measured::function_of;
use crate::measured::measure;
use crate::measured::program;
use crate::measured::root;

#[test]
fn a_function_is_where_it_is_declared_whatever_was_inlined_into_it() {
    let mangled = ["-g", "-O", "-Csymbol-mangling-version=v0"];
    type Places<'a> = &'a [(&'a str, u32)];
    let cases: [(&str, &[&str], Places<'_>); 5] = [
        ("known.c", &["-g", "-O1"], &[("look", 9), ("step", 11), ("quadratic", 13), ("fib", 22)]),
        ("known.rs", &["-g", "-O"], &[("known::list::look", 7), ("known::list::quadratic", 12)]),
        ("known.rs", &mangled, &[("known::step", 18), ("known::linear", 23), ("known::main", 27)]),
        ("inlined.c", &["-g", "-O1"], &[("outer", 8), ("begun_elsewhere", 15)]),
        (
            "known.cpp",
            &["-g", "-O1", "-gz"],
            &[
                ("list::scan(std::vector<int, std::allocator<int> > const&)", 8),
                ("list::scan(int)", 11),
            ],
        ),
    ];
    for (source, options, functions) in cases {
        let program = match source {
            "known.cpp" => program(&[&compiled(source, options)]),
            _ => program(&[&compiled(source, options), "30"]),
        };
        let profile = measure("callgrind", &program).profile.unwrap();
        for (name, line) in functions {
            let key = &function_of(&profile, name).key;
            let path = root().join("tests/data/native").join(source).display().to_string();
            assert_eq!((key.file.as_str(), key.line), (path.as_str(), *line), "{name} {options:?}");
        }
    }
}

#[test]
fn what_is_inlined_from_another_file_is_its_callers_cost() {
    let program = program(&[&compiled("inlined.c", &["-g", "-O1"]), "1000"]);
    let profile = measure("callgrind", &program).profile.unwrap();
    assert!(!profile.functions.iter().any(|function| function.key.name == "mixed"));
    let outer = cost(&profile, "outer");
    assert_eq!(outer.ncall, 1);
    assert_eq!(outer.tsub, outer.ttot);
    assert!(outer.tsub > 5_000.0, "{outer:?}");
}

#[test]
fn without_debug_information_the_program_stands_for_the_file() {
    let path = compiled("known.c", &["-O1"]);
    let profile = measure("callgrind", &program(&[&path, "30"])).profile.unwrap();
    let key = &function_of(&profile, "quadratic").key;
    assert_eq!((key.file.as_str(), key.line), (path.as_str(), 0));
}

#[test]
fn a_damaged_program_tells_less_and_breaks_nothing() {
    let path = compiled("known.c", &["-g", "-O1"]);
    let content = fs::read(&path).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let damaged = folder.path().join("damaged");
    let key = FunctionKey { name: "look".into(), file: "inlined.h".into(), line: 9 };
    let profile =
        Profile { functions: vec![Function { key, ..Function::default() }], ..Profile::default() };
    let place = |content: &[u8]| {
        fs::write(&damaged, content).unwrap();
        let found = located(profile.clone(), std::slice::from_ref(&damaged));
        let key = &found.functions[0].key;
        assert!(key.name == "look" && found.functions.len() == 1);
        (key.file.ends_with("known.c"), key.line)
    };
    assert_eq!(place(&content), (true, 9));
    for length in (0..content.len()).step_by(content.len() / 150) {
        assert_eq!(place(&content[..length]), (false, 9), "cut at {length}");
    }
    for at in (0..content.len()).step_by(content.len() / 600) {
        let mut changed = content.clone();
        changed[at] = !changed[at];
        place(&changed);
    }
}
