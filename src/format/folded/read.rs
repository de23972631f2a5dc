//! From lines of stacks to a profile.

use std::io::Read;

use crate::format::fault::Fault;
use crate::format::folded::period::Period;
use crate::format::frame::Frames;
use crate::format::frame::LineOf;
use crate::format::gather::Gather;
use crate::format::lines::Line;
use crate::format::lines::Lines;
use crate::format::lines::shown;
use crate::format::reader::HEAD_BYTES;
use crate::format::stacks::Stacks;
use crate::format::table::cell::count;
use crate::format::table::cell::decimal;
use crate::profile::Cost;
use crate::profile::CostUnit;
use crate::profile::Function;
use crate::profile::Profile;

/// More frames than any program's stack; a stack of so many is a mistake in the file.
const DEEPEST: usize = 100_000;

const HINT: &str = "write each stack as `outer;inner 12`";

/// Reads folded stacks; `line_of` says what the lines of `function (file:line)` are.
///
/// # Errors
/// In which line and column the content is no stack, or that it was cut.
pub fn profile(input: &mut dyn Read, line_of: LineOf) -> Result<Profile, Fault> {
    let mut lines = Lines::new(input);
    let mut frames = Frames::new(line_of);
    let mut stacks = Stacks::default();
    let mut stack = Vec::new();
    let mut without_stack = 0.0;
    let mut period = Period::default();
    while let Some(line) = lines.advance()? {
        if !line.is_ended {
            return Err(line.fault(
                line.text.len(),
                "the file was cut in the middle: its last line has no line end",
                "copy or measure it again; if it is whole, end its last line with a line end",
            ));
        }
        if line.text.trim_ascii().is_empty() || line.text.starts_with(b"#") {
            continue;
        }
        let (text, weight) = weighted(&line)?;
        period.take(weight);
        if text.is_empty() {
            without_stack += weight;
            continue;
        }
        stack.clear();
        for frame in text.split(|&byte| byte == b';') {
            let function = frames.of_text(frame);
            stack.push(function.ok_or_else(|| too_many(&line))?);
        }
        if stack.len() > DEEPEST {
            return Err(line.fault(0, format!("a stack of more than {DEEPEST} frames"), HINT));
        }
        if !stacks.add(&stack, weight) {
            return Err(too_many(&line));
        }
    }
    gathered(frames, stacks, without_stack, period)
}

fn gathered(
    frames: Frames,
    stacks: Stacks,
    without_stack: f64,
    period: Period,
) -> Result<Profile, Fault> {
    let mut gather = Gather::default();
    let (costs, mut edges) = stacks.into_costs();
    let of_a_sample = period.of_a_sample().map_or(1.0, |period| period as f64);
    let counted =
        |cost: Cost| Cost { tsub: cost.tsub / of_a_sample, ttot: cost.ttot / of_a_sample, ..cost };
    for (key, cost) in frames.into_keys().into_iter().zip(costs) {
        gather.push(Function { key, cost: counted(cost) });
    }
    edges.iter_mut().for_each(|edge| edge.cost = counted(edge.cost));
    if let Some(period) = period.of_a_sample() {
        gather.warn(format!(
            "all weights are multiples of {period}, which is taken for what one sample stands for"
        ));
    }
    if without_stack > 0.0 {
        let samples = without_stack / of_a_sample;
        gather.warn(format!("{samples} samples without a stack are left out"));
    }
    gather.profile.edges = edges;
    gather.profile.unit = CostUnit::Samples;
    let mut profile = gather.finish()?;
    profile.counts_calls = false;
    Ok(profile)
}

/// The stack of a line, and its weight: all behind the last blank. The stack is empty where a
/// sampler found none.
fn weighted<'a>(line: &Line<'a>) -> Result<(&'a [u8], f64), Fault> {
    let text = line.text.trim_ascii_end();
    let at = memchr::memrchr2(b' ', b'\t', text);
    let at = at.ok_or_else(|| line.fault(text.len(), "the weight is missing", HINT))?;
    let word = &text[at + 1..];
    let weight = count(word).map(|count| count as f64).or_else(|| decimal(word));
    match weight {
        Some(weight) if weight >= 0.0 => Ok((text[..at].trim_ascii_end(), weight)),
        _ => Err(line.fault(at + 1, format!("not a weight: `{}`", shown(word)), HINT)),
    }
}

/// Whether every whole line of `head` is a stack with a weight.
pub fn recognise(head: &[u8]) -> bool {
    let whole = match memchr::memrchr(b'\n', head) {
        Some(end) => &head[..=end],
        // One stack may be longer than the head.
        None => return head.len() == HEAD_BYTES && head.contains(&b';') && is_text(head),
    };
    let mut lines = whole
        .split(|&byte| byte == b'\n')
        .filter(|line| !line.trim_ascii().is_empty() && !line.starts_with(b"#"))
        .peekable();
    // A key with a number, as other formats begin, is no frame.
    let is_stack = |text| {
        let stack = weighted(&Line { text, number: 1, is_ended: true });
        stack.is_ok_and(|(stack, _)| !stack.ends_with(b":"))
    };
    let is_empty = lines.peek().is_none_or(|line| line.starts_with(b" "));
    !is_empty && lines.all(is_stack) && is_text(head)
}

fn is_text(head: &[u8]) -> bool {
    !head.iter().any(|&byte| byte < b'\t')
}

fn too_many(line: &Line<'_>) -> Fault {
    line.fault(0, "more functions than can be numbered", "check that this is a profile")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn read(text: &str) -> Result<Profile, String> {
        let profile = profile(&mut text.as_bytes(), LineOf::Execution);
        profile.map_err(|fault| fault.at(Path::new("p")).to_string())
    }

    fn check(text: &str, expected: &[(&str, f64, f64)]) {
        let profile = read(text).unwrap();
        assert_eq!((profile.unit, profile.counts_calls), (CostUnit::Samples, false));
        let functions: Vec<_> = profile
            .functions
            .iter()
            .map(|one| (one.key.name.as_str(), one.cost.tsub, one.cost.ttot))
            .collect();
        assert_eq!(functions, expected, "{text}");
    }

    #[test]
    fn stacks_are_added_up() {
        check("a;b 3\na 1\na;b;a 2\n", &[("a", 3.0, 6.0), ("b", 3.0, 5.0)]);
        check("f (a.py:1);g x (b.py:2) 1.5\r\n\n# note\n", &[("f", 0.0, 1.5), ("g x", 1.5, 1.5)]);
        check(
            "f (a:1);g (a:9) 1\nf (a:2) 1\nf (a:3);f (a:1) 1\n",
            &[("f", 2.0, 3.0), ("g", 1.0, 1.0)],
        );
        check("", &[]);
        check("a 1\n 9\n", &[("a", 1.0, 1.0)]);
        assert_eq!(read(" 9\n").unwrap().origin.warnings.len(), 1);
    }

    #[test]
    fn edges_lead_from_caller_to_callee() {
        let profile = read("a;b;c 3\na;c 1\n").unwrap();
        let edges: Vec<_> =
            profile.edges.iter().map(|edge| (edge.caller, edge.callee, edge.cost.ttot)).collect();
        assert_eq!(edges, [(0, 1, 3.0), (1, 2, 3.0), (0, 2, 1.0)]);
    }

    fn refuse(text: &str, message: &str) {
        assert_eq!(read(text).unwrap_err(), format!("`p`, line 2, {message}"));
    }

    #[test]
    fn what_is_no_stack_is_told_with_its_place() {
        refuse("a 1\nb;c\n", "column 4: the weight is missing");
        refuse("a 1\né;c x\n", "column 5: not a weight: `x`");
        refuse("a 1\nb -1\n", "column 3: not a weight: `-1`");
        refuse("a 1\nb nan\n", "column 3: not a weight: `nan`");
        refuse("a 1\n12\n", "column 3: the weight is missing");
        refuse(
            "a 1\nb 1",
            "column 4: the file was cut in the middle: its last line has no line end",
        );
        assert!(read("a 1e308\na 1e308\n").unwrap_err().contains("more than a number holds"));
    }

    #[test]
    fn only_stacks_with_weights_are_recognised() {
        for head in [&b"a;b 3\nc 4\n"[..], b"a 1\nb;c", b"# x\na (b.py:3) 7\n"] {
            assert!(recognise(head));
        }
        for head in
            [&b"a;b 3"[..], b"name,ncall\na,1\n", b"", b"\n", b"a b\n", b"\0 1\n", b"version: 1\n"]
        {
            assert!(!recognise(head));
        }
    }
}
