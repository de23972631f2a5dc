//! Sampled stacks as they stream in: each distinct one is kept once.

use std::fmt;

use serde::Deserialize;
use serde::Deserializer;
use serde::de::DeserializeSeed;
use serde::de::Error as _;
use serde::de::SeqAccess;
use serde::de::Visitor;

use crate::format::intern::Interner;

/// More frames than any program's stack.
const DEEPEST: u32 = 100_000;

/// The stacks of all samples, in the order taken.
#[derive(Debug, Default)]
pub struct Samples {
    paths: Paths,
    /// The path of each sample; `None` for an empty stack.
    of_sample: Vec<Option<u32>>,
}

/// Distinct stacks, each as a shorter one and one more frame.
#[derive(Debug, Default)]
struct Paths {
    /// By number: the shorter path's number + 1, 0 where there is none, and the frame.
    steps: Interner,
}

impl Samples {
    pub fn len(&self) -> usize {
        self.of_sample.len()
    }

    pub fn is_empty(&self) -> bool {
        self.of_sample.is_empty()
    }

    /// The distinct stacks, each with the sum of its samples' `weights`, the outermost frame first.
    pub fn weighted(&self, weights: &[f64]) -> impl Iterator<Item = (Vec<u32>, f64)> {
        let mut sums = vec![None; self.paths.steps.len()];
        for (path, weight) in self.of_sample.iter().zip(weights) {
            if let Some(path) = path {
                *sums[*path as usize].get_or_insert(0.0) += weight;
            }
        }
        let weighted = (0_u32..).zip(sums);
        weighted.filter_map(|(path, sum)| Some((self.paths.frames(path), sum?)))
    }
}

impl Paths {
    fn longer(&mut self, path: Option<u32>, frame: u32) -> Option<u32> {
        let before = path.map_or(0, |path| path + 1);
        let step = u64::from(before) << 32 | u64::from(frame);
        self.steps.intern(&step.to_le_bytes()).filter(|path| *path < u32::MAX - 1)
    }

    fn frames(&self, mut path: u32) -> Vec<u32> {
        let mut frames = Vec::new();
        loop {
            let step =
                self.steps.get(path).first_chunk::<8>().map_or(0, |step| u64::from_le_bytes(*step));
            frames.push(step as u32);
            match (step >> 32) as u32 {
                0 => break,
                before => path = before - 1,
            }
        }
        frames.reverse();
        frames
    }
}

impl<'de> Deserialize<'de> for Samples {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;

        impl<'de> Visitor<'de> for All {
            type Value = Samples;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of stacks")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut stacks: A) -> Result<Samples, A::Error> {
                let mut samples = Samples::default();
                while let Some(path) = stacks.next_element_seed(&mut samples.paths)? {
                    samples.of_sample.push(path);
                }
                Ok(samples)
            }
        }

        deserializer.deserialize_seq(All)
    }
}

impl<'de> DeserializeSeed<'de> for &mut Paths {
    type Value = Option<u32>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for &mut Paths {
    type Value = Option<u32>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a stack, as numbers of frames")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut frames: A) -> Result<Self::Value, A::Error> {
        let (mut path, mut depth) = (None, 0);
        while let Some(frame) = frames.next_element::<u32>()? {
            depth += 1;
            if depth > DEEPEST {
                return Err(A::Error::custom(format!("a stack of more than {DEEPEST} frames")));
            }
            let longer = self.longer(path, frame);
            path = Some(longer.ok_or_else(|| A::Error::custom("too many different stacks"))?);
        }
        Ok(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_stacks_are_one() {
        let samples: Samples = serde_json::from_str("[[0, 1], [0], [], [0, 1], [1]]").unwrap();
        assert_eq!(samples.len(), 5);
        let weighted: Vec<_> = samples.weighted(&[1.0, 2.0, 4.0, 8.0, 16.0]).collect();
        assert_eq!(weighted, [(vec![0], 2.0), (vec![0, 1], 9.0), (vec![1], 16.0)]);
    }

    #[test]
    fn what_is_no_number_of_a_frame_is_refused() {
        for text in ["[[-1]]", "[[4294967296]]", "[[1.5]]", "[1]", "{}", "[[\"1\"]]"] {
            assert!(serde_json::from_str::<Samples>(text).is_err(), "{text}");
        }
    }
}
