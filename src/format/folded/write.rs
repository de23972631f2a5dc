//! From a profile to folded stacks. The paths are worked out from the graph of calls.

use std::collections::BTreeMap;

use crate::format::frame;
use crate::format::unit::counts;
use crate::profile::Profile;
use crate::profile::unfold::UNKNOWN_CALLERS;
use crate::profile::unfold::Unfolded;

/// One line for each stack, sorted; weights are whole: nanoseconds, instructions or samples.
pub fn stacks(profile: &Profile) -> Vec<u8> {
    let frames: Vec<String> =
        profile.functions.iter().map(|one| plain(&frame::text(&one.key))).collect();
    let unfolded = Unfolded::of(profile);
    let mut weights: BTreeMap<String, u64> = BTreeMap::new();
    for (at, node) in unfolded.nodes.iter().enumerate() {
        let weight = counts(profile.unit, node.own);
        if weight > 0 {
            let name = |function: &Option<usize>| {
                function.map_or(UNKNOWN_CALLERS, |function| frames[function].as_str())
            };
            let path: Vec<&str> = unfolded.path(at).iter().map(name).collect();
            let sum = weights.entry(path.join(";")).or_default();
            *sum = sum.saturating_add(weight);
        }
    }
    let mut text = String::new();
    for (stack, weight) in weights {
        text.push_str(&stack);
        text.push_str(&format!(" {weight}\n"));
    }
    text.into_bytes()
}

/// A frame without what parts frames and lines.
fn plain(frame: &str) -> String {
    let plain: String = frame
        .chars()
        .map(|letter| match letter {
            ';' => ':',
            letter if letter.is_control() => ' ',
            letter => letter,
        })
        .collect();
    match plain.trim() {
        "" => "(no name)".into(),
        // A line that begins so is a note.
        trimmed => {
            trimmed.strip_prefix('#').map(|rest| format!("_{rest}")).unwrap_or(trimmed.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_hold_nothing_that_parts_them() {
        assert_eq!(plain("a;b\nc"), "a:b c");
        assert_eq!(plain(" "), "(no name)");
        assert_eq!(plain("#f"), "_f");
    }
}
