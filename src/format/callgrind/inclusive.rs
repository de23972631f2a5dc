//! From the graph of calls to functions: what each costs with its callees, recursion counted once.

use crate::format::callgrind::component::components;
use crate::format::callgrind::graph::Graph;
use crate::format::callgrind::header::Event;
use crate::format::callgrind::header::Header;
use crate::format::callgrind::name::level;
use crate::format::callgrind::name::yappi_place;
use crate::format::fault::Fault;
use crate::format::gather::Gather;
use crate::format::intern::Interner;
use crate::format::label::located;
use crate::profile::Cost;
use crate::profile::Edge;
use crate::profile::Function;
use crate::profile::FunctionKey;
use crate::profile::Profile;

/// What callgrind writes for a file that it does not know.
const UNKNOWN_FILE: &str = "???";

/// The profile of a graph; `gather` brings what was met on the way.
///
/// # Errors
/// When a cost is beyond the largest number.
pub fn profile(
    graph: &Graph,
    mut gather: Gather,
    header: &Header,
    event: Event,
) -> Result<Profile, Fault> {
    let functions = Functions::of(graph, header);
    let counts_calls = graph.calls.iter().any(|call| call.count > 0);
    let totals = totals(graph, &functions);
    for (key, cost) in functions.keys.iter().zip(&totals) {
        let mut cost = scaled(*cost, event.worth);
        // What nobody calls was entered from outside: by the system, or before the measurement.
        if counts_calls && cost.ncall == 0 && cost.ttot > 0.0 {
            (cost.ncall, cost.nactual) = (1, 1);
        }
        gather.push(Function { key: key.clone(), cost });
    }
    gather.profile.edges = edges(graph, &functions, &totals, event.worth);
    gather.profile.unit = event.unit;
    gather.finish()
}

/// The functions of a graph, whose nodes are the levels of their recursions.
struct Functions {
    keys: Vec<FunctionKey>,
    /// By node: its function, and whether it is the outermost level of it.
    of_node: Vec<usize>,
    is_outermost: Vec<bool>,
    /// Whether any recursion has levels.
    has_levels: bool,
}

impl Functions {
    fn of(graph: &Graph, header: &Header) -> Self {
        let text = |number| String::from_utf8_lossy(graph.texts.get(number));
        let mut numbers = Interner::default();
        let mut keys: Vec<FunctionKey> = Vec::new();
        let (mut of_node, mut levels, mut lowest) = (Vec::new(), Vec::new(), Vec::new());
        for (node, cost) in graph.nodes.iter().enumerate() {
            let names = graph.names(node);
            let (name, level) = match header.is_yappi() {
                true => (graph.texts.get(names.function), 1),
                false => level(graph.texts.get(names.function)),
            };
            let name = String::from_utf8_lossy(name);
            let file = match text(names.file) {
                file if file == UNKNOWN_FILE || file.is_empty() => text(names.object),
                file => file,
            };
            let place = yappi_place(&name, &file).filter(|_| header.is_yappi());
            let (name, line) = place.unwrap_or((&name, 0));
            let number = numbers.intern(format!("{file}\0{line}\0{name}").as_bytes());
            let function = number.unwrap_or_default() as usize;
            if function == keys.len() {
                keys.push(located(&file, line, name));
                lowest.push(level);
            }
            if level <= lowest[function] {
                lowest[function] = level;
                if !header.is_yappi() && cost.line > 0 {
                    keys[function].line = cost.line;
                }
            }
            of_node.push(function);
            levels.push(level);
        }
        let is_outermost = (0..levels.len()).map(|node| levels[node] == lowest[of_node[node]]);
        Self {
            is_outermost: is_outermost.collect(),
            has_levels: levels.iter().any(|level| *level > 1),
            keys,
            of_node,
        }
    }

    /// Whether both nodes are outermost levels of one function, as in a recursion without levels.
    fn are_same_outermost(&self, a: usize, b: usize) -> bool {
        self.of_node[a] == self.of_node[b] && self.is_outermost[a] && self.is_outermost[b]
    }
}

/// What every function costs, in counts of the event.
///
/// The cumulative cost is that of the outermost calls. A node that stands for them costs itself and
/// what it calls; callgrind makes such nodes for every function. Where levels are not told apart
/// and functions call each other in a circle, calls within calls would be counted twice: then it is
/// at most what the whole circle costs. It is at least what calls from outside the circle cost,
/// which is more than the callees together where a profiler leaves some of them out.
///
/// Example: `main` spends 1 and calls `even` (126), `even` spends 13 and calls `odd` (113): `even`
/// costs 126, whatever deeper levels of `even` and `odd` cost within.
fn totals(graph: &Graph, functions: &Functions) -> Vec<Cost> {
    let pairs: Vec<(usize, usize)> = graph.calls.iter().map(|call| (call.from, call.to)).collect();
    let component = components(graph.nodes.len(), &pairs);
    let mut circle = vec![(0.0, 0_usize); graph.nodes.len()];
    let mut outgoing: Vec<f64> = graph.nodes.iter().map(|node| node.own).collect();
    let mut costs = vec![Cost::default(); functions.keys.len()];
    let mut incoming = vec![0.0; functions.keys.len()];
    for (node, own) in graph.nodes.iter().enumerate() {
        let (cost, members) = &mut circle[component[node]];
        *cost += own.own;
        *members += 1;
    }
    for call in &graph.calls {
        let callee = functions.of_node[call.to];
        let is_within = component[call.from] == component[call.to];
        let is_recursion = functions.are_same_outermost(call.from, call.to);
        if !is_within {
            circle[component[call.from]].0 += call.cost;
        }
        if !is_recursion {
            outgoing[call.from] += call.cost;
        }
        let cost = &mut costs[callee];
        cost.ncall = cost.ncall.saturating_add(call.count);
        if functions.is_outermost[call.to] && functions.of_node[call.from] != callee {
            if functions.has_levels || !is_within {
                cost.nactual = cost.nactual.saturating_add(call.count);
            }
            if !is_within {
                incoming[callee] += call.cost;
            }
        }
    }
    for (node, own) in graph.nodes.iter().enumerate() {
        let cost = &mut costs[functions.of_node[node]];
        cost.tsub += own.own;
        if functions.is_outermost[node] {
            let (whole, members) = circle[component[node]];
            cost.ttot += if members > 1 { outgoing[node].min(whole) } else { outgoing[node] };
        }
    }
    for (cost, incoming) in costs.iter_mut().zip(incoming) {
        cost.ttot = cost.ttot.max(incoming).max(cost.tsub);
        cost.nactual = cost.nactual.max(1).min(cost.ncall);
    }
    costs
}

/// The calls between functions. Where both are within a recursion, their cost is part of a call
/// further out and is left out; what the callee spent itself stands nowhere in such a file.
fn edges(graph: &Graph, functions: &Functions, totals: &[Cost], worth: f64) -> Vec<Edge> {
    let mut pairs = Interner::default();
    let mut edges: Vec<Edge> = Vec::new();
    for call in &graph.calls {
        let (caller, callee) = (functions.of_node[call.from], functions.of_node[call.to]);
        let pair = (caller as u64) << 32 | callee as u64;
        // There are no more pairs of functions than of nodes, which could be numbered.
        let at = pairs.intern(&pair.to_le_bytes()).unwrap_or_default() as usize;
        if at == edges.len() {
            edges.push(Edge { caller, callee, cost: Cost::default() });
        }
        let is_outermost = functions.is_outermost[call.to];
        let counts = is_outermost && caller != callee;
        let is_nested = !is_outermost && !functions.is_outermost[call.from];
        edges[at].cost = edges[at].cost.plus(Cost {
            ncall: call.count,
            nactual: if counts { call.count } else { 0 },
            tsub: 0.0,
            ttot: if is_nested { 0.0 } else { call.cost },
        });
    }
    for Edge { callee, cost, .. } in &mut edges {
        // Calls within calls, where levels are not told apart.
        cost.ttot = cost.ttot.min(totals[*callee].ttot) * worth;
    }
    edges
}

fn scaled(cost: Cost, worth: f64) -> Cost {
    Cost { tsub: cost.tsub * worth, ttot: cost.ttot * worth, ..cost }
}
