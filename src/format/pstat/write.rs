//! From a profile to marshalled statistics in Python's own order of counts, in seven marshal codes
//! that every version of Python reads.

use std::collections::BTreeMap;

use crate::profile::Cost;
use crate::profile::FunctionKey;
use crate::profile::Profile;

/// A function's own cost, and that of the calls from each of its callers.
type Row<'a> = (Cost, BTreeMap<&'a FunctionKey, Cost>);

/// The marshalled dict of the profile's functions, sorted by name and place.
pub fn marshalled(profile: &Profile) -> Vec<u8> {
    let mut content = vec![b'{'];
    for (key, (cost, callers)) in rows(profile) {
        push_key(&mut content, key);
        push_tuple(&mut content, 5);
        push_count(&mut content, cost.nactual);
        push_count(&mut content, cost.ncall);
        push_times(&mut content, &cost);
        content.push(b'{');
        for (caller, cost) in callers {
            push_key(&mut content, caller);
            push_tuple(&mut content, 4);
            // For callers `pstats` has all calls first.
            push_count(&mut content, cost.ncall);
            push_count(&mut content, cost.nactual);
            push_times(&mut content, &cost);
        }
        content.push(b'0');
    }
    content.push(b'0');
    content
}

fn rows(profile: &Profile) -> BTreeMap<&FunctionKey, Row<'_>> {
    let mut rows: BTreeMap<&FunctionKey, Row<'_>> = BTreeMap::new();
    for function in &profile.functions {
        let (sum, _) = rows.entry(&function.key).or_default();
        *sum = sum.plus(function.cost);
    }
    for edge in &profile.edges {
        let ends = (profile.functions.get(edge.caller), profile.functions.get(edge.callee));
        if let (Some(caller), Some(callee)) = ends {
            let (_, callers) = rows.entry(&callee.key).or_default();
            let sum = callers.entry(&caller.key).or_default();
            *sum = sum.plus(edge.cost);
        }
    }
    rows
}

fn push_key(content: &mut Vec<u8>, key: &FunctionKey) {
    push_tuple(content, 3);
    push_text(content, &key.file);
    push_count(content, key.line.into());
    push_text(content, &key.name);
}

fn push_tuple(content: &mut Vec<u8>, length: u32) {
    content.push(b'(');
    content.extend(length.to_le_bytes());
}

/// A text beyond 2³¹ − 1 bytes, which Python cannot read, is cut to nothing.
fn push_text(content: &mut Vec<u8>, text: &str) {
    let length = i32::try_from(text.len()).unwrap_or_default();
    content.push(b'u');
    content.extend(length.to_le_bytes());
    content.extend(text.bytes().take(length as usize));
}

fn push_times(content: &mut Vec<u8>, cost: &Cost) {
    for time in [cost.tsub, cost.ttot] {
        content.push(b'g');
        content.extend(time.to_le_bytes());
    }
}

/// Four bytes where they are enough, else digits of 15 bits, the lowest first.
fn push_count(content: &mut Vec<u8>, count: u64) {
    if let Ok(small) = i32::try_from(count) {
        content.push(b'i');
        content.extend(small.to_le_bytes());
        return;
    }
    let digits = (u64::BITS - count.leading_zeros()).div_ceil(15);
    content.push(b'l');
    content.extend(digits.to_le_bytes());
    for place in 0..digits {
        let digit = (count >> (15 * place)) as u16 & 0x7fff;
        content.extend(digit.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::format::pstat::read::profile as read;
    use crate::profile::Edge;
    use crate::profile::Function;

    #[test]
    fn the_bytes_are_those_of_the_standard_order() {
        let function = Function {
            key: FunctionKey { name: "f".into(), file: "a".into(), line: 7 },
            cost: Cost { ncall: 3 << 31, nactual: 1, tsub: 0.0, ttot: 1.5 },
        };
        let profile = Profile { functions: vec![function], ..Profile::default() };
        let expected = b"{(\x03\0\0\0u\x01\0\0\0ai\x07\0\0\0u\x01\0\0\0f\
            (\x05\0\0\0i\x01\0\0\0l\x03\0\0\0\0\0\0\0\x06\0\
            g\0\0\0\0\0\0\0\0g\0\0\0\0\0\0\xf8\x3f{00";
        assert_eq!(marshalled(&profile), expected);
    }

    fn any_cost() -> impl Strategy<Value = Cost> {
        let counts = prop_oneof![0..5_u64, 0..u64::MAX / 64];
        (counts, 0..u64::MAX, 0.0..1e9, 0.0..1.0).prop_map(|(ncall, nactual, ttot, part)| Cost {
            ncall,
            nactual: nactual.checked_rem(ncall).unwrap_or_default(),
            tsub: ttot * part,
            ttot,
        })
    }

    fn any_profile() -> impl Strategy<Value = Profile> {
        let functions =
            prop::collection::btree_map(("\\PC*", 0..u32::MAX, "\\PC*"), any_cost(), 0..9);
        let edges = prop::collection::btree_map((0..9_usize, 0..9_usize), any_cost(), 0..20);
        (functions, edges).prop_map(|(functions, edges)| {
            let functions: Vec<Function> = functions
                .into_iter()
                .map(|((file, line, name), cost)| Function {
                    key: FunctionKey { name, file, line },
                    cost,
                })
                .collect();
            let known = functions.len();
            let edges = edges
                .into_iter()
                .filter(|((callee, caller), _)| *callee < known && *caller < known)
                .map(|((callee, caller), cost)| Edge { caller, callee, cost })
                .collect();
            Profile { functions, edges, ..Profile::default() }
        })
    }

    /// The profile's rows with functions in place of positions, in one order.
    fn by_name(profile: &Profile) -> Vec<String> {
        let name = |at: usize| &profile.functions[at].key;
        let functions = profile.functions.iter().map(|function| format!("{function:?}"));
        let edges = profile
            .edges
            .iter()
            .map(|edge| format!("{:?} {:?} {:?}", name(edge.caller), name(edge.callee), edge.cost));
        let mut rows: Vec<String> = functions.chain(edges).collect();
        rows.sort();
        rows
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_the_same(profile in any_profile()) {
            let back = read(&marshalled(&profile)).unwrap();
            prop_assert_eq!(by_name(&back), by_name(&profile));
        }

        #[test]
        fn every_cut_is_said_to_be_one(profile in any_profile()) {
            let whole = marshalled(&profile);
            for length in 0..whole.len() {
                let fault = format!("{:?}", read(&whole[..length]).unwrap_err());
                prop_assert!(fault.contains("cut in the middle"), "{}", fault);
            }
        }
    }
}
