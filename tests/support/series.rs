//! Profiles of a large program at several sizes, with one quadratic function among linear and
//! constant ones; the same at every call.

use std::io::BufWriter;
use std::io::Write as _;
use std::path::Path;
use std::path::PathBuf;

use superlinear::format::Writer as _;
use superlinear::format::pstat::Pstat;
use superlinear::profile::Cost;
use superlinear::profile::Edge;
use superlinear::profile::Function;
use superlinear::profile::FunctionKey;
use superlinear::profile::Profile;

/// The windows of a year's backtest, in days: nine runs at six different sizes.
pub const WINDOWS: [f64; 9] = [7.0, 7.0, 7.0, 7.0, 28.0, 31.0, 30.0, 91.0, 304.0];
/// Nine different sizes, one run at each.
pub const STEPS: [f64; 9] = [100.0, 150.0, 225.0, 337.0, 506.0, 759.0, 1_139.0, 1_708.0, 2_562.0];
/// The function that is to be found.
pub const CULPRIT: &str = "Frames.append_copy";
/// Functions that each function calls, in profiles with edges.
const CALLEES: usize = 4;

/// One table of functions for each size, as yappi's users write them; size and path of each.
pub fn tables(folder: &Path, functions: usize, sizes: &[f64]) -> Vec<(f64, PathBuf)> {
    let written = sizes.iter().enumerate().map(|(run, size)| {
        let path = folder.join(format!("{run}.csv"));
        let file = std::fs::File::create(&path).unwrap();
        let mut table = BufWriter::new(file);
        writeln!(table, "name,ncall,tsub,ttot,tavg").unwrap();
        for function in 0..functions {
            let (FunctionKey { name, file, line }, cost) = one((function, functions), run, *size);
            let Cost { ncall, tsub, ttot, .. } = cost;
            let tavg = ttot / ncall as f64;
            writeln!(table, "{file}:{line} {name},{ncall},{tsub:.6},{ttot:.6},{tavg:.9}").unwrap();
        }
        table.flush().unwrap();
        (*size, path)
    });
    written.collect()
}

/// The same as Python's profile statistics, with the calls between functions.
pub fn statistics(folder: &Path, functions: usize, sizes: &[f64]) -> Vec<(f64, PathBuf)> {
    let written = sizes.iter().enumerate().map(|(run, size)| {
        let path = folder.join(format!("{run}.pstat"));
        let all: Vec<Function> = (0..functions)
            .map(|function| one((function, functions), run, *size))
            .map(|(key, cost)| Function { key, cost })
            .collect();
        let callees = (0..functions)
            .flat_map(|caller| (1..=CALLEES).map(move |step| (caller, CALLEES * caller + step)));
        let edges: Vec<Edge> = callees
            .filter(|(_, callee)| *callee < functions)
            .map(|(caller, callee)| Edge { caller, callee, cost: all[callee].cost })
            .collect();
        let profile = Profile { counts_calls: true, functions: all, edges, ..Profile::default() };
        std::fs::write(&path, Pstat.write(&profile)).unwrap();
        (*size, path)
    });
    written.collect()
}

/// Of ten functions four are constant, as those of imports, and four of these called once; four are
/// linear, one is `n log n`, one `√n`. Times are whole microseconds, disturbed by up to 10 %; half
/// of the functions call nothing. The first one's share of the whole is the same however many there
/// are.
fn one((function, functions): (usize, usize), run: usize, size: f64) -> (FunctionKey, Cost) {
    let key = FunctionKey {
        name: match function {
            0 => CULPRIT.into(),
            _ => format!("Class{:02}.method_{function}", function % 53),
        },
        file: format!("/srv/app/packages/module_{:03}.py", function % 331),
        line: (function % 1_913 + 1) as u32,
    };
    let start = 1.0 + (function % 97) as f64;
    let (calls, each) = match (function, function % 10) {
        (0, _) => (size * size, 2e-7 * functions as f64),
        (_, 0..4) => (if function.is_multiple_of(2) { 1.0 } else { start }, 2e-4),
        (_, 4..8) => (start * size, 3e-6),
        (_, 8) => (start * size * size.ln(), 3e-6),
        _ => (start * size.sqrt(), 3e-5),
    };
    let calls = calls.round().max(1.0);
    let mixed = (function * 31 + run * 17).wrapping_mul(2_654_435_761) % 1_000;
    let disturbed = 0.9 + 0.2 * mixed as f64 / 1_000.0;
    let tsub = (calls * each * disturbed * 1e6).round() / 1e6;
    let below = if function.is_multiple_of(2) { 1.0 } else { 1.5 + (function % 7) as f64 / 10.0 };
    let ncall = calls as u64;
    (key, Cost { ncall, nactual: ncall, tsub, ttot: (tsub * below * 1e6).round() / 1e6 })
}
