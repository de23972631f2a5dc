//! From a profile to a file that speedscope opens. The stacks are worked out from the graph of
//! calls.

use serde_json::Value;
use serde_json::json;

use crate::format::order::ordered;
use crate::format::speedscope::read::EXPORTER;
use crate::format::speedscope::read::INSTRUCTIONS;
use crate::profile::CostUnit;
use crate::profile::FunctionKey;
use crate::profile::Profile;
use crate::profile::unfold::UNKNOWN_CALLERS;
use crate::profile::unfold::Unfolded;

/// The whole file: one sampled profile, with a sample for each distinct stack.
pub fn document(profile: &Profile) -> Vec<u8> {
    let profile = ordered(profile);
    let unfolded = Unfolded::of(&profile);
    let unknown = profile.functions.len();
    let mut frames: Vec<Value> = profile.functions.iter().map(|one| frame(&one.key)).collect();
    if unfolded.nodes.iter().any(|node| node.function.is_none()) {
        frames.push(json!({ "name": UNKNOWN_CALLERS }));
    }
    let spent: Vec<usize> =
        (0..unfolded.nodes.len()).filter(|node| unfolded.nodes[*node].own > 0.0).collect();
    let stack = |node: &usize| -> Vec<usize> {
        unfolded.path(*node).into_iter().map(|function| function.unwrap_or(unknown)).collect()
    };
    let samples: Vec<Vec<usize>> = spent.iter().map(stack).collect();
    let weights: Vec<f64> = spent.iter().map(|node| unfolded.nodes[*node].own).collect();
    let (unit, counted, exporter) = match profile.unit {
        CostUnit::WallSeconds => ("seconds", "wall time", EXPORTER),
        CostUnit::CpuSeconds => ("seconds", "processor time", EXPORTER),
        CostUnit::Instructions => ("none", "instructions", INSTRUCTIONS),
        CostUnit::Samples => ("none", "samples", EXPORTER),
    };
    let document = json!({
        "$schema": "https://www.speedscope.app/file-format-schema.json",
        "exporter": exporter,
        "name": format!("{counted}, paths estimated from calls"),
        "activeProfileIndex": 0,
        "shared": { "frames": frames },
        "profiles": [{
            "type": "sampled",
            "name": format!("{counted}, paths estimated from calls"),
            "unit": unit,
            "startValue": 0,
            "endValue": weights.iter().sum::<f64>(),
            "samples": samples,
            "weights": weights,
        }],
    });
    let mut text = document.to_string().into_bytes();
    text.push(b'\n');
    text
}

fn frame(key: &FunctionKey) -> Value {
    match (key.file.as_str(), key.line) {
        ("", _) => json!({ "name": key.name }),
        (file, 0) => json!({ "name": key.name, "file": file }),
        (file, line) => json!({ "name": key.name, "file": file, "line": line }),
    }
}
