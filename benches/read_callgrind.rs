//! Reading a callgrind file of 20,000 functions with eight callees each, and the same as folded stacks:
//! `cargo bench --bench read_callgrind`.

use std::fmt::Write as _;

use divan::Bencher;
use divan::black_box;
use divan::counter::BytesCount;
use superlinear::format::read_bytes;

const FUNCTIONS: usize = 20_000;
const CALLEES: usize = 8;
/// Lines of costs of each function.
const COSTS: usize = 40;
const STACKS: usize = 200_000;

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn callgrind(bencher: Bencher<'_, '_>) {
    read(bencher, &callgrind_file(), FUNCTIONS);
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn folded(bencher: Bencher<'_, '_>) {
    read(bencher, &folded_stacks(), FUNCTIONS);
}

fn read(bencher: Bencher<'_, '_>, content: &str, functions: usize) {
    assert_eq!(read_bytes(content.as_bytes()).unwrap().functions.len(), functions);
    bencher
        .counter(BytesCount::new(content.len()))
        .bench(|| read_bytes(black_box(content.as_bytes())).unwrap());
}

/// Names compressed and positions relative, as callgrind writes them.
fn callgrind_file() -> String {
    let mut text =
        String::from("# callgrind format\ncreator: callgrind-3\npositions: line\nevents: Ir\n");
    let mut known = std::collections::HashSet::new();
    let mut name = |function: usize| match known.insert(function) {
        true => format!("({}) _ZN7project6module4unit{function}Ev", function + 1),
        false => format!("({})", function + 1),
    };
    for function in 0..FUNCTIONS {
        let (file, line) = (function % 331 + 1, function % 1_913 + 1);
        writeln!(text, "\nfl=({file}) unit_{file}.c\nfn={}", name(function)).unwrap();
        writeln!(text, "{line} {}", function + 7).unwrap();
        for cost in 0..COSTS {
            writeln!(text, "+{} {}", cost % 3, cost * 977 + function).unwrap();
        }
        for callee in 0..CALLEES {
            let callee = (function * 7_919 + callee * 31) % FUNCTIONS;
            let file = callee % 331 + 1;
            writeln!(
                text,
                "cfi=({file}) unit_{file}.c\ncfn={}\ncalls={} {}\n* {}",
                name(callee),
                callee + 3,
                callee % 1_913 + 1,
                callee * 13
            )
            .unwrap();
        }
    }
    text.push_str("\ntotals: 1\n");
    text
}

/// Stacks of ten frames, as py-spy writes them.
fn folded_stacks() -> String {
    let mut text = String::new();
    for stack in 0..STACKS {
        for depth in 0..10 {
            let function = (stack * 7_919 + depth * 31) % FUNCTIONS;
            let mark = if depth == 0 { "" } else { ";" };
            let file = function % 331;
            write!(
                text,
                "{mark}method_{function} (/srv/app/module_{file}.py:{})",
                function % 1_913 + 1
            )
            .unwrap();
        }
        writeln!(text, " {}", stack % 9 + 1).unwrap();
    }
    text
}
