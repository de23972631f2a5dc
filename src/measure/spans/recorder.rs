//! The moment of a call: what is done when a span opens and when it closes.
//! Everything here that runs per call is a few plain moves on the thread's own memory; growing, new
//! edges and calls that end out of order take the slow path.

use std::cell::Cell;
use std::cell::OnceCell;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::AtomicU8;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;

use crate::measure::spans::table::EdgeSlot;
use crate::measure::spans::table::Frame;
use crate::measure::spans::table::RELAXED;
use crate::measure::spans::table::Tables;
use crate::measure::spans::table::add;
use crate::measure::spans::table::find;
use crate::measure::spans::thread::Measured;
use crate::system::ticks::Reading;
use crate::system::ticks::Source;

/// An open call, as its guard remembers it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Open {
    /// Position in the thread's stack; 0 when nothing is recorded.
    depth: usize,
    start_ticks: u64,
}

/// This thread's view of its tables, without destructor, so that reaching it costs nothing.
struct Local {
    /// The position of the next frame.
    depth: Cell<usize>,
    frames: Cell<&'static [Frame]>,
    open: Cell<&'static [AtomicU32]>,
    edges: Cell<&'static [EdgeSlot]>,
    edges_used: Cell<usize>,
}

/// Tells that the thread ends.
struct Ending(OnceCell<Arc<Measured>>);

thread_local! {
    static LOCAL: Local = const {
        Local {
            depth: Cell::new(1),
            frames: Cell::new(&[]),
            open: Cell::new(&[]),
            edges: Cell::new(&[]),
            edges_used: Cell::new(0),
        }
    };
    static ENDING: Ending = const { Ending(OnceCell::new()) };
}

const RECORDING: u8 = 1;
const COUNTER: u8 = 2;
static STATE: AtomicU8 = AtomicU8::new(0);
static BEGIN: OnceLock<(Source, Reading)> = OnceLock::new();

/// Records from now on; figures add to those of earlier recordings in this process.
pub(super) fn start() {
    let (source, _) = begin();
    let counter = if source == Source::Counter { COUNTER } else { 0 };
    STATE.store(RECORDING | counter, Ordering::SeqCst);
}

/// Opens no more calls; those that are open are still closed.
pub(super) fn stop() {
    STATE.fetch_and(!RECORDING, Ordering::SeqCst);
}

#[inline]
pub(super) fn records() -> bool {
    STATE.load(RELAXED) & RECORDING != 0
}

/// Whether this thread has a call open.
#[inline]
pub(super) fn has_open() -> bool {
    LOCAL.with(|local| local.depth.get() > 1)
}

/// The source of ticks and its first reading.
pub(super) fn begin() -> (Source, Reading) {
    *BEGIN.get_or_init(|| {
        let source = Source::best();
        (source, source.reading())
    })
}

/// Opens a call of `site`, whose end will count `calls` calls.
#[inline]
pub(super) fn enter(site: u32, calls: u32) -> Open {
    let state = STATE.load(RELAXED);
    if state & RECORDING == 0 {
        return Open::NOTHING;
    }
    if state & COUNTER != 0
        && let Some(open) = LOCAL.with(|local| open(local, site, calls, Source::Counter))
    {
        return open;
    }
    enter_slowly(site, calls)
}

/// Closes a call; one that is not the innermost closes those within it.
#[inline]
pub(super) fn exit(call: Open) {
    if call.depth == 0 {
        return;
    }
    if STATE.load(RELAXED) & COUNTER == 0 {
        return exit_slowly(call, Source::Monotonic.ticks());
    }
    let end_ticks = Source::Counter.ticks();
    if !LOCAL.with(|local| local.is_innermost(call) && close(local, end_ticks)) {
        exit_slowly(call, end_ticks);
    }
}

/// Counts a call of `site` by the innermost open one, without opening it.
#[inline]
pub(super) fn count(site: u32) {
    if !records() || site == 0 {
        return;
    }
    LOCAL.with(|local| {
        let caller = local.frame(local.depth.get() - 1).map_or(0, Frame::number);
        let nested = local.open_calls(site) > 0;
        let known = find(local.edges.get(), caller, site);
        if let Some(edge) = known.or_else(|| new_edge(local, caller, site)) {
            add(&edge.ncall, 1);
            add(&edge.nactual, u64::from(!nested));
        }
    });
}

/// Closes the innermost open call of `site`, when there is one.
pub(super) fn exit_site(site: u32) {
    let found = LOCAL.with(|local| {
        (1..local.depth.get()).rev().find_map(|depth| {
            let frame = local.frame(depth)?;
            (frame.number() == site)
                .then(|| Open { depth, start_ticks: frame.start_ticks.load(RELAXED) })
        })
    });
    exit(found.unwrap_or(Open::NOTHING));
}

/// Opens a call; `None` when there is no room yet.
#[inline(always)]
fn open(local: &Local, site: u32, calls: u32, source: Source) -> Option<Open> {
    let depth = local.depth.get();
    let frame = local.frames.get().get(depth)?;
    let open = local.open.get().get(site as usize)?;
    open.store(open.load(RELAXED).wrapping_add(1), RELAXED);
    local.depth.set(depth + 1);
    frame.calls.store(calls, RELAXED);
    frame.child_ticks.store(0, RELAXED);
    let start_ticks = source.ticks();
    frame.start_ticks.store(start_ticks, RELAXED);
    frame.site.store(site, Ordering::Release);
    Some(Open { depth, start_ticks })
}

/// Ends the innermost open call; false, with nothing done, when its edge is not known yet.
#[inline(always)]
fn close(local: &Local, end_ticks: u64) -> bool {
    let depth = local.depth.get() - 1;
    let frames = local.frames.get();
    let (Some(frame), Some(parent)) = (frames.get(depth), frames.get(depth.wrapping_sub(1))) else {
        return false;
    };
    let site = frame.number();
    let Some(edge) = find(local.edges.get(), parent.number(), site) else {
        return false;
    };
    let calls = u64::from(frame.calls.load(RELAXED));
    let elapsed = end_ticks.saturating_sub(frame.start_ticks.load(RELAXED));
    let own = elapsed.saturating_sub(frame.child_ticks.load(RELAXED));
    frame.site.store(0, RELAXED);
    local.depth.set(depth);
    add(&parent.child_ticks, elapsed);
    add(&edge.ncall, calls);
    add(&edge.self_ticks, own);
    if local.one_less_open(site) == 0 {
        add(&edge.nactual, calls);
        add(&edge.total_ticks, elapsed);
    }
    true
}

#[cold]
#[inline(never)]
fn enter_slowly(site: u32, calls: u32) -> Open {
    let (source, _) = begin();
    LOCAL.with(|local| {
        if site == 0 || !local.has_room_for(site) && !grow(local, site) {
            return Open::NOTHING;
        }
        open(local, site, calls, source).unwrap_or(Open::NOTHING)
    })
}

#[cold]
#[inline(never)]
fn exit_slowly(call: Open, end_ticks: u64) {
    LOCAL.with(|local| {
        if !local.is_open(call) {
            return;
        }
        while local.depth.get() > call.depth {
            let innermost = local.depth.get() - 1;
            let number = |depth| local.frame(depth).map_or(0, Frame::number);
            let (caller, callee) = (number(innermost - 1), number(innermost));
            if find(local.edges.get(), caller, callee).is_none()
                && new_edge(local, caller, callee).is_none()
            {
                return;
            }
            if !close(local, end_ticks) {
                return;
            }
        }
    });
}

/// Makes room for one more frame and for `site`; false in a thread whose end has begun.
#[cold]
fn grow(local: &Local, site: u32) -> bool {
    change_tables(local, |mut tables| {
        while tables.frames.len() <= local.depth.get() {
            tables = tables.with_more_frames();
        }
        if tables.open.len() <= site as usize {
            tables = tables.with_site(site as usize);
        }
        tables
    })
}

/// The slot of an edge that is not known yet; `None` in a thread whose end has begun.
#[cold]
fn new_edge(local: &Local, caller: u32, callee: u32) -> Option<&'static EdgeSlot> {
    let used = local.edges_used.get();
    if local.tables().is_full(used) && !change_tables(local, Tables::with_more_edges) {
        return None;
    }
    local.edges_used.set(used + 1);
    local.tables().new_edge(caller, callee)
}

fn change_tables(local: &Local, change: impl FnOnce(Tables) -> Tables) -> bool {
    ENDING
        .try_with(|ending| {
            let thread = ending.0.get_or_init(Measured::start);
            let tables = change(thread.tables());
            thread.replace(tables);
            local.set(tables);
        })
        .is_ok()
}

impl Open {
    const NOTHING: Self = Self { depth: 0, start_ticks: 0 };
}

impl Frame {
    #[inline]
    fn number(&self) -> u32 {
        self.site.load(RELAXED)
    }
}

impl Local {
    #[inline(always)]
    fn is_innermost(&self, call: Open) -> bool {
        self.depth.get() == call.depth + 1 && self.is_open(call)
    }

    /// Whether `call` is still open at its place.
    #[inline(always)]
    fn is_open(&self, call: Open) -> bool {
        self.frame(call.depth).is_some_and(|frame| {
            frame.number() != 0 && frame.start_ticks.load(RELAXED) == call.start_ticks
        })
    }

    #[inline]
    fn frame(&self, depth: usize) -> Option<&'static Frame> {
        self.frames.get().get(depth)
    }

    #[inline]
    fn open_calls(&self, site: u32) -> u32 {
        let open = self.open.get().get(site as usize);
        open.map_or(0, |open| open.load(RELAXED))
    }

    #[inline]
    fn one_less_open(&self, site: u32) -> u32 {
        let Some(open) = self.open.get().get(site as usize) else {
            return 0;
        };
        let left = open.load(RELAXED).saturating_sub(1);
        open.store(left, RELAXED);
        left
    }

    fn has_room_for(&self, site: u32) -> bool {
        self.frame(self.depth.get()).is_some() && (site as usize) < self.open.get().len()
    }

    fn tables(&self) -> Tables {
        Tables { frames: self.frames.get(), open: self.open.get(), edges: self.edges.get() }
    }

    fn set(&self, tables: Tables) {
        self.frames.set(tables.frames);
        self.open.set(tables.open);
        self.edges.set(tables.edges);
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        let Some(thread) = self.0.take() else {
            return;
        };
        LOCAL.with(|local| {
            local.set(Tables::EMPTY);
            local.depth.set(1);
            local.edges_used.set(0);
        });
        let (source, _) = begin();
        thread.end(source.ticks());
    }
}
