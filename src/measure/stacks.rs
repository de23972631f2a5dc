//! Samples of the call stack, summed: what stands innermost has the sample for its own, what stands
//! above it has it with its callees. Samples are not calls.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::HashMap;
use std::path::Path;

use crate::error::Result;
use crate::profile::Cost;
use crate::profile::CostUnit;
use crate::profile::Edge;
use crate::profile::Function;
use crate::profile::FunctionKey;
use crate::profile::Profile;
use crate::system::file;

/// Samples by stack; the functions of a stack are numbers, the outermost first.
#[derive(Debug, Default)]
pub struct Stacks {
    functions: Vec<FunctionKey>,
    numbers: HashMap<FunctionKey, usize>,
    counts: BTreeMap<Vec<usize>, u64>,
    pub samples: u64,
}

impl Stacks {
    /// Adds `samples` of a stack, outermost function first.
    pub fn add(&mut self, frames: impl IntoIterator<Item = FunctionKey>, samples: u64) {
        let stack: Vec<usize> = frames.into_iter().map(|frame| self.number(frame)).collect();
        if !stack.is_empty() {
            self.samples = self.samples.saturating_add(samples);
            let count = self.counts.entry(stack).or_default();
            *count = count.saturating_add(samples);
        }
    }

    /// What each function and each call of one by another had of the samples; of a recursion once.
    pub fn profile(&self) -> Profile {
        let mut costs = vec![Cost::default(); self.functions.len()];
        let mut edges: BTreeMap<(usize, usize), Cost> = BTreeMap::new();
        for (stack, samples) in &self.counts {
            let samples = *samples as f64;
            for function in stack.iter().copied().collect::<BTreeSet<usize>>() {
                costs[function].ttot += samples;
            }
            let calls = stack.windows(2).map(|pair| (pair[0], pair[1]));
            for call in calls.collect::<BTreeSet<(usize, usize)>>() {
                edges.entry(call).or_default().ttot += samples;
            }
            let innermost = stack.len().saturating_sub(1);
            costs[stack[innermost]].tsub += samples;
            if let Some(above) = innermost.checked_sub(1) {
                edges.entry((stack[above], stack[innermost])).or_default().tsub += samples;
            }
        }
        let functions = self.functions.iter().cloned().zip(costs);
        let edges = edges.into_iter();
        Profile {
            unit: CostUnit::Samples,
            functions: functions.map(|(key, cost)| Function { key, cost }).collect(),
            edges: edges.map(|((caller, callee), cost)| Edge { caller, callee, cost }).collect(),
            ..Profile::default()
        }
    }

    /// Writes them as folded stacks, a line `a;b;c 17` for each, for tools that draw such.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save(&self, path: &Path) -> Result<()> {
        let lines = self.counts.iter().map(|(stack, samples)| {
            let frames: Vec<String> =
                stack.iter().map(|function| frame(&self.functions[*function])).collect();
            format!("{} {samples}\n", frames.join(";"))
        });
        file::replace(path, lines.collect::<String>().as_bytes())
    }

    fn number(&mut self, key: FunctionKey) -> usize {
        let functions = &mut self.functions;
        *self.numbers.entry(key.clone()).or_insert_with(|| {
            functions.push(key);
            functions.len() - 1
        })
    }
}

/// What a reader of sampled figures must know.
pub fn warning(samples: u64, meaning: &str) -> String {
    format!(
        "sampled, no call counts: {samples} samples, {meaning}; a figure of n samples is uncertain \
         by its square root"
    )
}

/// `name (file:line)`; what would end a frame or a line has no meaning in a name.
fn frame(key: &FunctionKey) -> String {
    let text = match (key.file.as_str(), key.line) {
        ("", _) => key.name.clone(),
        (file, 0) => format!("{} ({file})", key.name),
        (file, line) => format!("{} ({file}:{line})", key.name),
    };
    text.chars().map(|c| if c == ';' || c.is_control() { ':' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> FunctionKey {
        FunctionKey { name: name.into(), file: "q.c".into(), line: 3 }
    }

    fn stacks() -> Stacks {
        let mut stacks = Stacks::default();
        stacks.add(["main", "f", "f"].map(named), 2);
        stacks.add(["main", "g;\n"].map(named), 1);
        stacks.add(["main", "f", "f"].map(named), 1);
        stacks.add([], 5);
        stacks
    }

    #[test]
    fn the_innermost_function_has_the_sample_and_recursion_counts_once() {
        let profile = stacks().profile();
        let costs: Vec<(&str, f64, f64)> = profile
            .functions
            .iter()
            .map(|f| (f.key.name.as_str(), f.cost.tsub, f.cost.ttot))
            .collect();
        assert_eq!(costs, [("main", 0.0, 4.0), ("f", 3.0, 3.0), ("g;\n", 1.0, 1.0)]);
        let edges: Vec<_> =
            profile.edges.iter().map(|e| (e.caller, e.callee, e.cost.tsub, e.cost.ttot)).collect();
        assert_eq!(edges, [(0, 1, 0.0, 3.0), (0, 2, 1.0, 1.0), (1, 1, 3.0, 3.0)]);
        assert_eq!((profile.unit, profile.counts_calls), (CostUnit::Samples, false));
        assert_eq!(stacks().samples, 4);
    }

    #[test]
    fn equal_stacks_are_one_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("stacks.folded");
        stacks().save(&path).unwrap();
        let expected = "main (q.c:3);f (q.c:3);f (q.c:3) 3\nmain (q.c:3);g:: (q.c:3) 1\n";
        assert_eq!(std::fs::read_to_string(&path).unwrap(), expected);
    }
}
