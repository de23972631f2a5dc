//! Call paths rebuilt from call edges, for pictures and for formats that want whole stacks.
//! Edges do not say which path led to a call, so each function is taken to behave alike on all of them.

use crate::profile::model::Profile;

/// Frames below which a tree is complete enough; a guard against graphs made to explode.
const MOST_FRAMES: usize = 50_000;
/// Frames on one path.
const DEEPEST: usize = 500;

/// One function on one path from a root.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// Index into [`Profile::functions`].
    pub function: usize,
    /// Index of the calling frame, which comes before this one; `None` at a root.
    pub parent: Option<usize>,
    /// Self cost on this path, in the profile's unit.
    pub own: f64,
    /// Cumulative cost on this path, in the profile's unit.
    pub total: f64,
}

/// What is known of a function for all its frames.
struct Outflow {
    /// Cumulative cost that its frames share: what the function took, or its own cost and that of its
    /// callees where that is more.
    whole: f64,
    /// Callee and what it cost when called from here; never a function that leads back to here.
    callees: Vec<(usize, f64)>,
}

/// The call tree, each frame after its caller; frames below `least` (in the profile's unit) are left
/// out, so that a frame may hold more than its own cost and that of its children.
///
/// The cost of a function is split over its paths in proportion to what they spent in it, and each path
/// over callees as the function as a whole does. A call back to a function that is on the path already
/// is its caller's own cost. Without edges every function is a root with its own cost.
///
/// Source: the assumption of gprof (Graham, Kessler, McKusick 1982), carried to whole paths.
/// Example: `a` spends 6 s in `c` and `b` 2 s; `c` spends half its time in `d`: on the path `a`, `c`, `d`
/// are 3 s, on `b`, `c`, `d` 1 s.
pub fn stacks(profile: &Profile, least: f64) -> Vec<Frame> {
    let (outflows, roots) = graph(profile);
    let mut open: Vec<(Frame, usize)> = roots.into_iter().map(|frame| (frame, 1)).collect();
    let mut frames: Vec<Frame> = Vec::new();
    while let Some((mut frame, depth)) = open.pop() {
        if frame.total < least || frames.len() >= MOST_FRAMES {
            continue;
        }
        let outflow = &outflows[frame.function];
        let part = frame.total / outflow.whole;
        let children = outflow.callees.iter().map(|&(function, cost)| Frame {
            function,
            parent: Some(frames.len()),
            own: 0.0,
            total: cost * part,
        });
        let children: Vec<Frame> = if depth < DEEPEST { children.collect() } else { Vec::new() };
        let below: f64 = children.iter().map(|child| child.total).sum();
        frame.own = (frame.total - below).max(0.0);
        frames.push(frame);
        open.extend(children.into_iter().map(|child| (child, depth + 1)));
    }
    frames
}

/// What each function passes on, and the roots; the costliest callee and root last.
fn graph(profile: &Profile) -> (Vec<Outflow>, Vec<Frame>) {
    let own = |function: usize| positive(profile.functions[function].cost.tsub);
    // Nothing says who spent a cumulative cost where there are no edges.
    let knows_callees = !profile.edges.is_empty();
    let cumulative = |function: usize| match knows_callees {
        true => positive(profile.functions[function].cost.ttot).max(own(function)),
        false => own(function),
    };
    let count = profile.functions.len();
    let mut callees: Vec<Vec<(usize, f64)>> = vec![Vec::new(); count];
    for edge in &profile.edges {
        let cost = positive(edge.cost.ttot);
        if edge.caller != edge.callee && cost > 0.0 && edge.caller.max(edge.callee) < count {
            callees[edge.caller].push((edge.callee, cost));
        }
    }
    for callees in &mut callees {
        callees.sort_by(|left, right| left.1.total_cmp(&right.1));
    }
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|&left, &right| cumulative(left).total_cmp(&cumulative(right)));
    without_returns(&mut callees, order.iter().rev().copied());
    let mut called = vec![0.0; count];
    for &(callee, cost) in callees.iter().flatten() {
        called[callee] += cost;
    }
    let root = |function: usize| {
        let total = cumulative(function) - called[function];
        Frame { function, parent: None, own: 0.0, total }
    };
    let roots = order.into_iter().map(root).filter(|frame| frame.total > 0.0);
    let roots: Vec<Frame> = roots.collect();
    let outflow = |(function, callees): (usize, Vec<(usize, f64)>)| {
        let spent: f64 = callees.iter().map(|(_, cost)| cost).sum();
        Outflow { whole: cumulative(function).max(own(function) + spent), callees }
    };
    (callees.into_iter().enumerate().map(outflow).collect(), roots)
}

/// Removes the calls that lead back to a caller, walking from the functions of `order` on.
fn without_returns(callees: &mut [Vec<(usize, f64)>], order: impl Iterator<Item = usize>) {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        Never,
        OnPath,
        Left,
    }
    let mut seen = vec![Seen::Never; callees.len()];
    for start in order {
        let mut path: Vec<(usize, usize)> = Vec::new();
        if seen[start] == Seen::Never {
            seen[start] = Seen::OnPath;
            path.push((start, 0));
        }
        while let Some((function, next)) = path.pop() {
            let Some(&(callee, _)) = callees[function].get(next) else {
                seen[function] = Seen::Left;
                continue;
            };
            match seen[callee] {
                Seen::OnPath => {
                    callees[function].remove(next);
                    path.push((function, next));
                }
                Seen::Left => path.push((function, next + 1)),
                Seen::Never => {
                    seen[callee] = Seen::OnPath;
                    path.push((function, next + 1));
                    path.push((callee, 0));
                }
            }
        }
    }
}

fn positive(cost: f64) -> f64 {
    if cost.is_finite() { cost.max(0.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use crate::profile::model::Cost;
    use crate::profile::model::Edge;
    use crate::profile::model::Function;
    use crate::profile::model::FunctionKey;

    use super::*;

    fn cost(tsub: f64, ttot: f64) -> Cost {
        Cost { ncall: 1, nactual: 1, tsub, ttot }
    }

    /// Functions as self and cumulative cost, edges as caller, callee and cumulative cost.
    fn profile(functions: &[(f64, f64)], edges: &[(usize, usize, f64)]) -> Profile {
        let function = |&(tsub, ttot): &(f64, f64)| Function {
            key: FunctionKey::default(),
            cost: cost(tsub, ttot),
        };
        let edge = |&(caller, callee, ttot): &(usize, usize, f64)| Edge {
            caller,
            callee,
            cost: cost(0.0, ttot),
        };
        Profile {
            functions: functions.iter().map(function).collect(),
            edges: edges.iter().map(edge).collect(),
            ..Profile::default()
        }
    }

    fn check(profile: &Profile, least: f64, expected: &[(&[usize], f64, f64)]) {
        let frames = stacks(profile, least);
        let found: Vec<(Vec<usize>, f64, f64)> = frames
            .iter()
            .map(|frame| {
                let mut path = vec![frame.function];
                let mut next = frame.parent;
                while let Some(parent) = next {
                    path.insert(0, frames[parent].function);
                    next = frames[parent].parent;
                }
                (path, frame.own, frame.total)
            })
            .collect();
        let expected: Vec<(Vec<usize>, f64, f64)> =
            expected.iter().map(|(path, own, total)| (path.to_vec(), *own, *total)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_shared_callee_is_split_as_its_callers_spent() {
        let profile = profile(
            &[(1.0, 7.0), (2.0, 4.0), (4.0, 8.0), (4.0, 4.0)],
            &[(0, 2, 6.0), (1, 2, 2.0), (2, 3, 4.0)],
        );
        let expected: [(&[usize], f64, f64); 6] = [
            (&[0], 1.0, 7.0),
            (&[0, 2], 3.0, 6.0),
            (&[0, 2, 3], 3.0, 3.0),
            (&[1], 2.0, 4.0),
            (&[1, 2], 1.0, 2.0),
            (&[1, 2, 3], 1.0, 1.0),
        ];
        check(&profile, 0.0, &expected);
        check(&profile, 2.5, &[expected[0], expected[1], expected[2], expected[3]]);
    }

    #[test]
    fn a_call_back_is_the_cost_of_its_caller() {
        // `b` calls `a` again, and `a` itself; `a` as a whole takes 4 s, and so does the picture.
        let profile = profile(&[(1.0, 4.0), (1.0, 3.0)], &[(0, 1, 3.0), (1, 0, 2.0), (0, 0, 1.0)]);
        check(&profile, 0.0, &[(&[0], 1.0, 4.0), (&[0, 1], 3.0, 3.0)]);
    }

    #[test]
    fn without_edges_every_function_is_a_root() {
        let expected: [(&[usize], f64, f64); 2] = [(&[1], 3.0, 3.0), (&[0], 1.0, 1.0)];
        check(&profile(&[(1.0, 9.0), (3.0, 3.0)], &[]), 0.0, &expected);
    }

    #[test]
    fn what_lies_is_bounded() {
        let wild = profile(
            &[(f64::NAN, 1.0), (1.0, f64::INFINITY), (-3.0, -1.0), (1.0, 1.0)],
            &[(0, 3, f64::NAN), (7, 1, 1.0), (1, 9, 1.0), (3, 2, 5.0)],
        );
        let frames = stacks(&wild, 0.0);
        assert!(frames.iter().all(|frame| frame.own.is_finite() && frame.total.is_finite()));
        let everyone = (0..40).flat_map(|a| (0..40).map(move |b| (a, b, 1.0)));
        let edges: Vec<(usize, usize, f64)> = everyone.collect();
        let mut functions = vec![(1.0, 40.0); 40];
        functions[0].1 = 80.0;
        assert!(stacks(&profile(&functions, &edges), 0.0).len() <= MOST_FRAMES);
    }
}
