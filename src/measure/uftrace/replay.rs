//! The binary trace of a task gone through again: 16 bytes for each entry and exit, a time in
//! nanoseconds and a word with kind (2 bits), flag (1), mark (3), depth (10) and address (48).

use std::collections::HashMap;
use std::io::BufReader;
use std::io::Read;
use std::path::Path;

use crate::error::Error;
use crate::error::Result;
use crate::measure::tool;
use crate::measure::uftrace::places::Places;
use crate::profile::Cost;
use crate::profile::CostUnit;
use crate::profile::Edge;
use crate::profile::Function;
use crate::profile::FunctionKey;
use crate::profile::Profile;
use crate::profile::Thread;
use crate::system::file;

const MARK: u64 = 5;
/// The deepest call that ten bits can hold; what lies below it is not recorded.
const DEEPEST: u64 = 1023;
const SECONDS_PER_NANOSECOND: f64 = 1e-9;
/// Nanoseconds; what is longer is the program's own time, so that the cost of a call is not known.
const DEAREST_CALL: u64 = 1_000;

/// Costs of all tasks so far.
#[derive(Debug)]
pub struct Replay {
    places: Places,
    numbers: HashMap<FunctionKey, usize>,
    profile: Profile,
    edges: HashMap<(usize, usize), usize>,
    lost: u64,
    too_deep: bool,
    /// Nanoseconds from an entry to the exit that follows, and from an exit to what follows.
    shortest: [Option<u64>; 2],
}

/// A function that has been entered.
struct Open {
    depth: u64,
    function: usize,
    entered: u64,
    in_callees: u64,
    /// Whether it was not open before: the outermost of a recursion.
    is_outermost: bool,
}

#[derive(Clone, Copy, Default)]
struct Spent {
    ncall: u64,
    nactual: u64,
    own: u64,
    total: u64,
}

/// What a task has open, and what it has spent.
#[derive(Default)]
struct Stack {
    open: Vec<Open>,
    /// How often each function is open.
    levels: HashMap<usize, u32>,
    spent: HashMap<usize, Spent>,
    edges: HashMap<(usize, usize), Spent>,
}

impl Replay {
    pub fn new(places: Places) -> Self {
        let profile =
            Profile { unit: CostUnit::WallSeconds, counts_calls: true, ..Profile::default() };
        Self {
            places,
            numbers: HashMap::new(),
            profile,
            edges: HashMap::new(),
            lost: 0,
            too_deep: false,
            shortest: [None; 2],
        }
    }

    /// Adds the trace of the task `task`.
    ///
    /// # Errors
    /// When it cannot be read or is none.
    pub fn task(&mut self, task: u64, path: &Path) -> Result<()> {
        let mut input = BufReader::with_capacity(1 << 16, file::open(path)?);
        let mut known: HashMap<u64, usize> = HashMap::new();
        let mut stack = Stack::default();
        let mut now = 0;
        let mut before = None;
        while let Some((time, word)) =
            record(&mut input).map_err(|source| Error::read(path, source))?
        {
            let (kind, mark, depth) = (word & 3, (word >> 3) & 7, (word >> 6) & DEEPEST);
            let address = word >> 16;
            if mark != MARK || word & 4 != 0 {
                let problem = "it is no trace of calls alone as uftrace 0.13 writes it";
                return Err(tool::no_profile(path, problem, "use the backend `callgrind`"));
            }
            now = time.max(now);
            self.note_gap(before, kind, time);
            before = Some((kind, time));
            match kind {
                0 => {
                    stack.close_to(depth, now);
                    self.too_deep |= depth == DEEPEST;
                    let function = match known.get(&address) {
                        Some(function) => *function,
                        None => *known.entry(address).or_insert(self.number(task, address)),
                    };
                    stack.enter(function, depth, now);
                }
                1 => stack.close_to(depth, now),
                2 => {
                    self.lost = self.lost.saturating_add(address);
                    stack.close_to(0, now);
                }
                _ => {}
            }
        }
        stack.close_to(0, now);
        self.add(task, &stack);
        Ok(())
    }

    /// What lies between two records that follow each other is the end of one hook, the program,
    /// and the beginning of the next hook.
    fn note_gap(&mut self, before: Option<(u64, u64)>, kind: u64, time: u64) {
        let (shortest, from) = match (before, kind) {
            (Some((0, from)), 1) => (&mut self.shortest[0], from),
            (Some((1, from)), 0 | 1) => (&mut self.shortest[1], from),
            _ => return,
        };
        if let Some(gap) = time.checked_sub(from) {
            *shortest = Some(shortest.map_or(gap, |known| known.min(gap)));
        }
    }

    pub fn finish(mut self) -> Profile {
        self.profile.origin.call_cost_nanoseconds = call_cost(self.shortest);
        if self.lost > 0 {
            self.profile
                .origin
                .warnings
                .push(format!("uftrace lost {} records: calls and times are too low", self.lost));
        }
        if self.too_deep {
            self.profile.origin.warnings.push(
                "uftrace records no calls below a depth of 1,024: deeper ones are lost; use the \
                 backend `callgrind` for deep recursion"
                    .into(),
            );
        }
        self.profile
    }

    fn number(&mut self, task: u64, address: u64) -> usize {
        let key = self.places.function(task, address);
        let functions = &mut self.profile.functions;
        *self.numbers.entry(key.clone()).or_insert_with(|| {
            functions.push(Function { key, cost: Cost::default() });
            functions.len() - 1
        })
    }

    fn add(&mut self, task: u64, stack: &Stack) {
        let mut costs: Vec<(usize, Cost)> =
            stack.spent.iter().map(|(function, spent)| (*function, spent.cost())).collect();
        costs.sort_by_key(|cost| cost.0);
        for (function, cost) in &costs {
            let sum = &mut self.profile.functions[*function].cost;
            *sum = sum.plus(*cost);
        }
        let mut edges: Vec<(usize, usize)> = stack.edges.keys().copied().collect();
        edges.sort_unstable();
        for (caller, callee) in edges {
            let at = *self.edges.entry((caller, callee)).or_insert(self.profile.edges.len());
            if at == self.profile.edges.len() {
                self.profile.edges.push(Edge { caller, callee, cost: Cost::default() });
            }
            let sum = &mut self.profile.edges[at].cost;
            *sum = sum.plus(stack.edges[&(caller, callee)].cost());
        }
        if !costs.is_empty() {
            self.profile.threads.push(Thread { id: task, name: String::new(), costs });
        }
    }
}

impl Stack {
    fn enter(&mut self, function: usize, depth: u64, now: u64) {
        let level = self.levels.entry(function).or_default();
        *level += 1;
        let is_outermost = *level == 1;
        self.open.push(Open { depth, function, entered: now, in_callees: 0, is_outermost });
    }

    /// Leaves everything that is open at `depth` or below.
    fn close_to(&mut self, depth: u64, now: u64) {
        while self.open.last().is_some_and(|open| open.depth >= depth) {
            let Some(ended) = self.open.pop() else { return };
            let took = now.saturating_sub(ended.entered);
            let spent = Spent {
                ncall: 1,
                nactual: u64::from(ended.is_outermost),
                own: took.saturating_sub(ended.in_callees),
                total: if ended.is_outermost { took } else { 0 },
            };
            self.spent.entry(ended.function).or_default().add(spent);
            if let Some(level) = self.levels.get_mut(&ended.function) {
                *level -= 1;
            }
            if let Some(caller) = self.open.last_mut() {
                caller.in_callees = caller.in_callees.saturating_add(took);
                let edge = (caller.function, ended.function);
                self.edges.entry(edge).or_default().add(spent);
            }
        }
    }
}

impl Spent {
    fn add(&mut self, more: Self) {
        self.ncall += more.ncall;
        self.nactual += more.nactual;
        self.own = self.own.saturating_add(more.own);
        self.total = self.total.saturating_add(more.total);
    }

    fn cost(self) -> Cost {
        Cost {
            ncall: self.ncall,
            nactual: self.nactual,
            tsub: self.own as f64 * SECONDS_PER_NANOSECOND,
            ttot: self.total as f64 * SECONDS_PER_NANOSECOND,
        }
    }
}

/// What the hooks of a call take, in nanoseconds: the shortest call and the shortest time after
/// one. Both hold the program's own instructions as well, so that it is right where a program has a
/// function that does next to nothing, and too much where not; `None` where no call is short.
///
/// Example: a shortest call of 30 ns, and 40 ns to the next: 70 ns a call.
fn call_cost(shortest: [Option<u64>; 2]) -> Option<f64> {
    let [within, after] = shortest;
    let cost = within?.checked_add(after?)?;
    (cost <= DEAREST_CALL).then_some(cost as f64)
}

/// The next record; `None` at the end, also of a trace that was cut.
fn record(input: &mut impl Read) -> std::io::Result<Option<(u64, u64)>> {
    let mut bytes = [0; 16];
    match input.read_exact(&mut bytes) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let number = |at: usize| {
        let mut word = [0; 8];
        word.copy_from_slice(&bytes[at..at + 8]);
        u64::from_le_bytes(word)
    };
    Ok(Some((number(0), number(8))))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Kind, time, depth and address of each record.
    fn replayed(records: &[(u64, u64, u64, u64)]) -> Profile {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("7.dat");
        let bytes: Vec<u8> = records
            .iter()
            .flat_map(|(kind, time, depth, address)| {
                let word = kind | (MARK << 3) | (depth << 6) | (address << 16);
                [time.to_le_bytes(), word.to_le_bytes()].concat()
            })
            .collect();
        file::replace(&path, &bytes).unwrap();
        let mut replay = Replay::new(Places::default());
        replay.task(7, &path).unwrap();
        replay.finish()
    }

    fn cost(profile: &Profile, name: &str) -> (u64, u64, u64, u64) {
        let cost = profile.functions.iter().find(|f| f.key.name == name).unwrap().cost;
        let ns = |seconds: f64| (seconds * 1e9).round() as u64;
        (cost.ncall, cost.nactual, ns(cost.tsub), ns(cost.ttot))
    }

    #[test]
    fn own_time_is_what_callees_leave_and_recursion_counts_once() {
        // a from 0 to 100 calls b from 10 to 60, which calls itself from 20 to 50.
        let profile = replayed(&[
            (0, 0, 0, 10),
            (0, 10, 1, 11),
            (0, 20, 2, 11),
            (1, 50, 2, 11),
            (1, 60, 1, 11),
            (1, 100, 0, 10),
        ]);
        assert_eq!(cost(&profile, "0xa"), (1, 1, 50, 100));
        assert_eq!(cost(&profile, "0xb"), (2, 1, 50, 50));
        let edges: Vec<_> =
            profile.edges.iter().map(|e| (e.caller, e.callee, e.cost.ncall)).collect();
        assert_eq!(edges, [(0, 1, 1), (1, 1, 1)]);
        assert_eq!(profile.threads.len(), 1);
        assert!(profile.origin.warnings.is_empty());
        // The shortest call lasts 30 ns, the next exit is 10 ns after it.
        assert_eq!(profile.origin.call_cost_nanoseconds, Some(40.0));
    }

    #[test]
    fn what_is_open_at_the_end_has_lasted_until_then() {
        let profile = replayed(&[(0, 0, 0, 10), (0, 10, 1, 11), (1, 30, 1, 11)]);
        assert_eq!(cost(&profile, "0xa"), (1, 1, 10, 30));
    }

    #[test]
    fn a_forked_child_begins_in_the_middle() {
        let profile = replayed(&[(1, 5, 3, 12), (0, 10, 1, 11), (1, 30, 1, 11)]);
        assert_eq!(cost(&profile, "0xb"), (1, 1, 20, 20));
        assert_eq!(profile.functions.len(), 1);
    }

    #[test]
    fn without_a_short_call_its_cost_is_not_known() {
        let profile = replayed(&[(0, 0, 0, 10), (1, 5_000, 0, 10), (0, 5_010, 0, 10)]);
        assert_eq!(profile.origin.call_cost_nanoseconds, None);
    }

    #[test]
    fn losses_are_said() {
        let profile = replayed(&[(0, 0, 0, 10), (2, 4, 0, 9), (0, 5, DEEPEST, 11)]);
        let warnings = profile.origin.warnings.join("\n");
        assert!(warnings.contains("lost 9 records") && warnings.contains("depth"), "{warnings}");
    }
}
