//! Large profile files for measuring readers; the same at every call.

use std::collections::HashSet;
use std::fmt::Write as _;

use superlinear::format::Writer as _;
use superlinear::format::pstat::Pstat;
use superlinear::profile::Cost;
use superlinear::profile::Edge;
use superlinear::profile::Function;
use superlinear::profile::FunctionKey;
use superlinear::profile::Profile;

/// Rows of a function table.
pub const ROWS: u32 = 1_000_000;
/// Functions of a callgrind file, and of folded stacks.
pub const NATIVE_FUNCTIONS: usize = 20_000;
/// Functions of Python's profile statistics.
pub const PYTHON_FUNCTIONS: usize = 50_000;
/// Callees of each function in callgrind's file, callers in Python's.
const CALLS: usize = 8;
/// Lines of costs of each function.
const COSTS: usize = 40;
const STACKS: usize = 200_000;

/// A function table of 90 MB: rows in no order, with names and numbers as yappi gives them.
pub fn function_table(distinct: u32) -> String {
    let mut table = String::from("name,ncall,tsub,ttot,tavg\n");
    for row in 0..ROWS {
        // A step that is prime to the number of functions visits each of them.
        let function = (u64::from(row) * 7_919 % u64::from(distinct)) as u32;
        let (calls, micros) = (row % 977 + 1, row % 86_413);
        let (tsub, ttot) = (f64::from(micros) * 1e-6, f64::from(micros) * 3e-6);
        writeln!(
            table,
            "/srv/app/packages/module_{:03}/frame_{:02}.py:{} Class{:02}.method_{function},{calls},{tsub:.6},{ttot:.6},{:.9}",
            function % 331,
            function % 71,
            function % 1_913 + 1,
            function % 53,
            ttot / f64::from(calls),
        )
        .unwrap();
    }
    table
}

/// Names compressed and positions relative, as callgrind writes them.
pub fn callgrind() -> String {
    let mut text =
        String::from("# callgrind format\ncreator: callgrind-3\npositions: line\nevents: Ir\n");
    let mut known = HashSet::new();
    let mut name = |function: usize| match known.insert(function) {
        true => format!("({}) _ZN7project6module4unit{function}Ev", function + 1),
        false => format!("({})", function + 1),
    };
    for function in 0..NATIVE_FUNCTIONS {
        let (file, line) = (function % 331 + 1, function % 1_913 + 1);
        writeln!(text, "\nfl=({file}) unit_{file}.c\nfn={}", name(function)).unwrap();
        writeln!(text, "{line} {}", function + 7).unwrap();
        for cost in 0..COSTS {
            writeln!(text, "+{} {}", cost % 3, cost * 977 + function).unwrap();
        }
        for callee in 0..CALLS {
            let callee = (function * 7_919 + callee * 31) % NATIVE_FUNCTIONS;
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
pub fn folded() -> String {
    let mut text = String::new();
    for stack in 0..STACKS {
        for depth in 0..10 {
            let function = (stack * 7_919 + depth * 31) % NATIVE_FUNCTIONS;
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

/// Python's profile statistics.
pub fn statistics() -> Vec<u8> {
    let cost = Cost { ncall: 1_234, nactual: 1_200, tsub: 0.012_345, ttot: 1.234_567 };
    let function = |at: usize| Function {
        key: FunctionKey {
            name: format!("method_{at}"),
            file: format!("/srv/app/packages/module_{:03}/frame.py", at % 331),
            line: at as u32 % 1_913 + 1,
        },
        cost,
    };
    let edges = (0..PYTHON_FUNCTIONS * CALLS).map(|at| Edge {
        caller: at * 7_919 % PYTHON_FUNCTIONS,
        callee: at % PYTHON_FUNCTIONS,
        cost,
    });
    Pstat.write(&Profile {
        functions: (0..PYTHON_FUNCTIONS).map(function).collect(),
        edges: edges.collect(),
        ..Profile::default()
    })
}
