//! Programs as they come: parsers and packages with a known fault are found out, and the same
//! programs on harmless input pass the gate. What others published is fetched when the tests run.

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Output;

use crate::place::Place;
use crate::place::culprits;
use crate::place::python;
use crate::support::assert_code;
use crate::support::assert_says;
use crate::support::stdout;

/// The version whose autolinks are searched for again behind every `@`.
const CMARK: &str = "cmarkgfm-0.4.2";
/// The version that looks for the end of every `<?` up to the end of the text.
const PULLDOWN_CMARK: &str = "0.4.1";
/// What goes through all sizes within seconds.
const GATE: [&str; 2] = ["--fail-on", "quadratic"];

/// Compiles `source` with `compiler` and scans it as it comes: instructions are repeatable, so both
/// exponents are known.
#[track_caller]
fn check_compiled(compiler: &[&str], file: &str, source: &str) {
    let place = Place::new();
    fs::write(place.path(file), source).unwrap();
    let (program, options) = compiler.split_first().unwrap();
    done(
        Command::new(program).args(options).args(["-o", "tool", file]).current_dir(place.path("")),
    );
    let sizes = ["--sizes", "250..2k x2"];
    let output = place.scan(&[&sizes[..], &GATE, &["--", "tool", "{size}"]].concat());
    assert_code(&output, 4);
    assert_says(&output, "with   callgrind: `./tool` is native code");
    let analysis = place.analysis("superlinear-scan/tool");
    assert_eq!(analysis["unit"], "instructions");
    assert!(culprits(&analysis)[0].ends_with("square_work"), "{}", stdout(&output));
    let exponent = |name: &str| {
        let functions = analysis["functions"].as_array().unwrap();
        let function =
            functions.iter().find(|function| function["name"].as_str().unwrap().ends_with(name));
        function.unwrap()["metrics"]["tsub"]["exponent"].as_f64().unwrap()
    };
    for (name, truth) in [("square_work", 2.0), ("line_work", 1.0)] {
        let found = exponent(name);
        assert!((found - truth).abs() <= 0.02, "{name}: {found}");
    }
}

#[test]
fn a_c_program_is_judged_by_its_instructions() {
    let source = "#include <stdio.h>
#include <stdlib.h>
__attribute__((noinline)) long line_work(long n) {
    long s = 0;
    for (long i = 0; i < n; i++) s += i ^ s;
    return s;
}
__attribute__((noinline)) long square_work(long n) {
    long s = 0;
    for (long i = 0; i < n; i++) for (long j = 0; j < n; j++) s += j ^ i ^ s;
    return s;
}
int main(int argc, char **argv) {
    long n = atol(argv[argc - 1]);
    printf(\"%ld\\n\", line_work(n * 100) + square_work(n));
    return 0;
}
";
    check_compiled(&["cc", "-O1", "-g"], "work.c", source);
}

#[test]
fn a_rust_program_is_judged_by_its_instructions() {
    let source = "use std::hint::black_box;
#[inline(never)]
fn line_work(n: u64) -> u64 {
    (0..n).fold(0, |s, i| black_box(s ^ i))
}
#[inline(never)]
fn square_work(n: u64) -> u64 {
    let mut s = 0;
    for i in 0..n {
        for j in 0..n {
            s = black_box(s ^ i ^ j);
        }
    }
    s
}
fn main() {
    let n: u64 = std::env::args().nth(1).unwrap().parse().unwrap();
    println!(\"{}\", line_work(n * 100) ^ square_work(n));
}
";
    check_compiled(&["rustc", "-O", "-g"], "work.rs", source);
}

/// Scans `command` on `slow`, repeated as often as the size says, where `blamed` is named first,
/// and on `harmless`, which passes the gate.
#[track_caller]
fn check(
    options: &[&str],
    command: &[&str],
    slow: &str,
    harmless: &str,
    (blamed, exponent): (&str, f64),
) {
    let place = Place::new();
    let text = "import sys\nprint(sys.argv[1] * int(sys.argv[2]))\n";
    fs::write(place.path("repeat.py"), text).unwrap();
    let scan = |piece: &str, folder: &str| {
        let input = format!("repeat.py '{piece}' {{size}}");
        let made = ["--input", &input, "--dir", folder];
        place.scan(&[options, &GATE, &made, &["--"], command].concat())
    };
    let output = scan(slow, "slow");
    assert_code(&output, 4);
    let analysis = place.analysis("slow");
    let first = &analysis["culprits"][0];
    let shown = stdout(&output);
    assert!(first["name"].as_str().unwrap().ends_with(blamed), "{shown}");
    assert_eq!(first["verdict"], "superlinear", "{shown}");
    let found = first["exponent"].as_f64().unwrap();
    assert!((found - 2.0).abs() <= exponent, "{shown}");
    assert!(shown.contains(blamed), "{shown}");
    let output = scan(harmless, "harmless");
    assert_code(&output, 0);
    assert_says(&output, "gate `quadratic` passed");
}

#[test]
fn the_autolinks_of_a_c_parser_are_found_out() {
    let parser = cmark();
    let command = [parser.to_str().unwrap(), "-e", "autolink"];
    let sizes = ["--sizes", "400..3200 x2", "--backend", "callgrind"];
    check(&sizes, &command, "a@", "a*", ("postprocess_text", 0.1));
}

#[test]
fn the_inline_html_of_a_rust_parser_is_found_out() {
    let parser = pulldown_cmark();
    let sizes = ["--sizes", "400..3200 x2", "--backend", "callgrind"];
    let blamed = ("handle_inline_pass1", 0.1);
    check(&sizes, &[parser.to_str().unwrap()], "a<?", "a<", blamed);
}

/// Every `(b` of a link that never ends is read up to the end of the text.
#[track_caller]
fn check_links(backend: &str) {
    let sizes = ["--sizes", "40..320 x2", "--backend", backend];
    let command = [&python(), "-m", "commonmark.cmark"].map(String::from);
    let command: Vec<&str> = command.iter().map(String::as_str).collect();
    check(&sizes, &command, "[a](b", "[a](b) ", ("parseLinkDestination", 0.3));
}

#[test]
fn the_links_of_a_python_parser_are_found_out_by_yappi() {
    check_links("yappi");
}

#[test]
fn the_links_of_a_python_parser_are_found_out_by_cprofile() {
    check_links("cprofile");
}

/// The parser that GitHub uses, of an old version, out of the sources of its Python package.
fn cmark() -> PathBuf {
    let folder = root().join("target/real");
    let program = folder.join(format!("cmark-{CMARK}"));
    if program.exists() {
        return program;
    }
    let (name, version) = CMARK.split_once('-').unwrap();
    done(
        Command::new(python())
            .args(["-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", name])
            .arg(format!("{name}=={version}"))
            .arg("--dest")
            .arg(&folder),
    );
    done(
        Command::new("tar")
            .arg("xzf")
            .arg(folder.join(format!("{CMARK}.tar.gz")))
            .arg("-C")
            .arg(&folder),
    );
    let sources = folder.join(CMARK);
    let parts = ["src", "extensions"].map(|part| sources.join("third_party/cmark").join(part));
    let is_source = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "c");
    let listed = |folder: &PathBuf| {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(is_source).collect::<Vec<_>>()
    };
    let begun = folder.join("cmark.part");
    done(
        Command::new("cc")
            .args(["-O1", "-g", "-w", "-I"])
            .arg(sources.join("generated/unix"))
            .args(parts.iter().flat_map(|folder| ["-I".into(), folder.clone()]))
            .arg("-o")
            .arg(&begun)
            .args(parts.iter().flat_map(listed)),
    );
    fs::rename(begun, &program).unwrap();
    program
}

/// A parser that is written in Rust, of an old version, as `cargo install` makes it.
fn pulldown_cmark() -> PathBuf {
    let folder = root().join("target/real");
    let program = folder.join("bin/pulldown-cmark");
    if !program.exists() {
        done(
            Command::new(env!("CARGO"))
                .args(["install", "--quiet", "pulldown-cmark", "--version", PULLDOWN_CMARK])
                .arg("--root")
                .arg(&folder)
                .env("CARGO_TARGET_DIR", folder.join("build"))
                .env("CARGO_PROFILE_RELEASE_DEBUG", "line-tables-only"),
        );
    }
    program
}

fn done(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
