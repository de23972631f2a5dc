//! From a profile to a callgrind file. The format has no cumulative costs: who opens it adds up
//! what a function spends and what its calls cost, so calls that the profile does not know are
//! missing there.

use std::fmt::Write as _;

use crate::format::order::ordered;
use crate::format::unit::counts;
use crate::profile::CostUnit;
use crate::profile::Edge;
use crate::profile::FunctionKey;
use crate::profile::Profile;

/// The whole file; costs are whole: nanoseconds, instructions or samples.
pub fn document(profile: &Profile) -> Vec<u8> {
    let profile = ordered(profile);
    let event = match profile.unit {
        CostUnit::WallSeconds => "ns",
        CostUnit::CpuSeconds => "CpuNanoseconds",
        CostUnit::Instructions => "Ir",
        CostUnit::Samples => "Samples",
    };
    let mut text = format!(
        "# callgrind format\nversion: 1\ncreator: superlinear\npositions: line\nevents: {event}\n"
    );
    let mut writer = Names::default();
    let mut total = 0_u64;
    let mut edges = profile.edges.iter().peekable();
    for (at, function) in profile.functions.iter().enumerate() {
        let own = counts(profile.unit, function.cost.tsub);
        total = total.saturating_add(own);
        let (file, line) = (writer.file(&function.key), function.key.line);
        push(&mut text, format_args!("\nfl={file}\nfn={}", writer.function(&function.key, at)));
        push(&mut text, format_args!("{line} {own}"));
        while let Some(Edge { callee, cost, .. }) = edges.next_if(|edge| edge.caller == at) {
            let key = &profile.functions[*callee].key;
            push(&mut text, format_args!("cfl={}", writer.file(key)));
            push(&mut text, format_args!("cfn={}", writer.function(key, *callee)));
            push(&mut text, format_args!("calls={} {}", cost.ncall, key.line));
            push(&mut text, format_args!("{line} {}", counts(profile.unit, cost.ttot)));
        }
    }
    push(&mut text, format_args!("\ntotals: {total}"));
    text.into_bytes()
}

/// Which names were written in full, and the numbers of files.
#[derive(Default)]
struct Names {
    files: std::collections::HashMap<String, usize>,
    functions: std::collections::HashSet<usize>,
}

impl Names {
    fn file(&mut self, key: &FunctionKey) -> String {
        let file = if key.file.is_empty() { "???".into() } else { plain(&key.file) };
        let number = self.files.len() + 1;
        match self.files.get(&file) {
            Some(number) => format!("({number})"),
            None => {
                let text = format!("({number}) {file}");
                self.files.insert(file, number);
                text
            }
        }
    }

    fn function(&mut self, key: &FunctionKey, at: usize) -> String {
        let number = at + 1;
        match self.functions.insert(at) {
            true => format!("({number}) {}", plain(&key.name)),
            false => format!("({number})"),
        }
    }
}

fn push(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    let _ = writeln!(text, "{line}");
}

/// A name in one line, and never empty.
fn plain(name: &str) -> String {
    let plain: String =
        name.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    match plain.trim() {
        "" => "(no name)".into(),
        trimmed => trimmed.into(),
    }
}
