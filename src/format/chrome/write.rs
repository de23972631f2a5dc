//! From a profile to trace events: the tree of calls laid out side by side, as a flame chart. The
//! paths are worked out from the graph of calls, and the order in time means nothing.

use serde_json::Value;
use serde_json::json;

use crate::format::frame;
use crate::format::order::ordered;
use crate::profile::CostUnit;
use crate::profile::Profile;
use crate::profile::unfold::UNKNOWN_CALLERS;
use crate::profile::unfold::Unfolded;

/// The whole file: one complete event (`X`) for each path of calls.
pub fn document(profile: &Profile) -> Vec<u8> {
    let profile = ordered(profile);
    let unfolded = Unfolded::of(&profile);
    let (worth, shown) = match profile.unit {
        CostUnit::WallSeconds => (1e6, "wall time"),
        CostUnit::CpuSeconds => (1e6, "processor time"),
        CostUnit::Instructions => (1.0, "instructions, a microsecond for each"),
        CostUnit::Samples => (1.0, "samples, a microsecond for each"),
    };
    let name = |function: Option<usize>| match function {
        Some(function) => frame::text(&profile.functions[function].key),
        None => UNKNOWN_CALLERS.into(),
    };
    let begins = begins(&unfolded);
    let totals = unfolded.totals();
    let mut events: Vec<Value> = vec![json!({
        "ph": "M", "name": "process_name", "pid": 1, "tid": 1,
        "args": { "name": format!("{shown}; paths estimated from calls, their order means nothing") },
    })];
    for (at, node) in unfolded.nodes.iter().enumerate() {
        events.push(json!({
            "ph": "X", "name": name(node.function), "pid": 1, "tid": 1,
            "ts": begins[at] * worth, "dur": totals[at] * worth,
        }));
    }
    let document = json!({
        "traceEvents": events,
        "displayTimeUnit": "ms",
        "otherData": { "exporter": "superlinear", "counts": shown },
    });
    let mut text = document.to_string().into_bytes();
    text.push(b'\n');
    text
}

/// Where each node begins: behind the siblings before it; its callees first, then itself alone.
fn begins(unfolded: &Unfolded) -> Vec<f64> {
    let totals = unfolded.totals();
    let mut begins = vec![0.0; totals.len()];
    // Where the next callee of each node begins.
    let mut next = vec![0.0; totals.len()];
    let mut next_root = 0.0;
    for (at, node) in unfolded.nodes.iter().enumerate() {
        let free = match node.parent {
            Some(parent) => &mut next[parent],
            None => &mut next_root,
        };
        begins[at] = *free;
        *free += totals[at];
        next[at] = begins[at];
    }
    begins
}
