//! The moment of a call: what is done when a span opens and when it closes.
//! Everything here that runs per call is a few plain moves on the thread's own memory; growing, new
//! edges and calls that end out of order take the slow path.

use std::cell::Cell;
use std::cell::OnceCell;
use std::iter;
use std::ptr;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::PoisonError;
use std::sync::atomic::AtomicU8;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::Ordering::SeqCst;

use crate::measure::spans::edge::EdgeCost;
use crate::measure::spans::edge::Found;
use crate::measure::spans::edge::Index;
use crate::measure::spans::edge::add;
use crate::measure::spans::edge::find;
use crate::measure::spans::frame::Frame;
use crate::measure::spans::thread::Measured;
use crate::system::ticks::Reading;
use crate::system::ticks::Source;

/// An open call, as its guard remembers it.
#[derive(Clone, Copy)]
pub(super) struct Call {
    frame: &'static Frame,
    outer: &'static Frame,
    caller: u32,
    found: Found,
    /// Tells this call from later ones in the same frame.
    start_ticks: u64,
}

/// Tells that the thread ends.
struct Ending(OnceCell<Arc<Measured>>);

// The way to the thread's memory has no destructor, so that reaching it costs nothing.
thread_local! {
    /// The innermost open call, or the root; `None` before the first call and after the last.
    static TOP: Cell<Option<&'static Frame>> = const { Cell::new(None) };
    /// The site of the innermost open call.
    static CALLER: Cell<u32> = const { Cell::new(0) };
    static INDEX: Cell<Index> = const { Cell::new(&[]) };
    static ENDING: Ending = const { Ending(OnceCell::new()) };
}

const RECORDING: u8 = 1;
const COUNTER: u8 = 2;
static STATE: AtomicU8 = AtomicU8::new(0);
static WANTED: Mutex<Wanted> = Mutex::new(Wanted { session: false, holders: 0 });

/// Who wants calls to be recorded.
struct Wanted {
    session: bool,
    holders: usize,
}

/// Recording that goes on until it is dropped, whatever sessions begin and end meanwhile.
pub(super) struct Recording(());
static BEGIN: OnceLock<(Source, Reading)> = OnceLock::new();

/// Records from now on; figures add to those of earlier recordings in this process.
pub(super) fn start() {
    want(|wanted| wanted.session = true);
}

/// Opens no more calls, unless somebody holds on to it; those that are open are still closed.
pub(super) fn stop() {
    want(|wanted| wanted.session = false);
}

fn want(change: impl FnOnce(&mut Wanted)) {
    let counter = match begin() {
        (Source::Counter, _) => COUNTER,
        (Source::Monotonic, _) => 0,
    };
    let mut wanted = WANTED.lock().unwrap_or_else(PoisonError::into_inner);
    change(&mut wanted);
    let records = if wanted.session || wanted.holders > 0 { RECORDING } else { 0 };
    STATE.store(records | counter, SeqCst);
}

/// What the calling thread has spent so far, per call edge.
pub(super) fn own_edges() -> Vec<EdgeCost> {
    let (source, _) = begin();
    let spent = ENDING.try_with(|ending| ending.0.get()?.spent_so_far(source.ticks()));
    spent.ok().flatten().map(|spent| spent.edges).unwrap_or_default()
}

#[inline]
pub(super) fn records() -> bool {
    STATE.load(Relaxed) & RECORDING != 0
}

/// Whether this thread has a call open.
#[inline]
pub(super) fn has_open() -> bool {
    TOP.get().is_some_and(|top| top.outer.is_some())
}

/// The source of ticks and its first reading.
pub(super) fn begin() -> (Source, Reading) {
    *BEGIN.get_or_init(|| {
        let source = Source::best();
        (source, source.reading())
    })
}

/// Opens a call of `site`, whose end will count `calls` calls; `None` when nothing is recorded.
#[inline(always)]
pub(super) fn enter(site: u32, calls: u32) -> Option<Call> {
    let state = STATE.load(Relaxed);
    if state & RECORDING == 0 {
        return None;
    }
    let source = source(state);
    loop {
        if let Some(call) = open(site, calls, source) {
            return Some(call);
        }
        if !grow(site) {
            return None;
        }
    }
}

/// Closes a call; one that is not the innermost closes those within it.
#[inline(always)]
pub(super) fn exit(call: Call) {
    let end_ticks = source(STATE.load(Relaxed)).ticks();
    if TOP.get().is_some_and(|top| ptr::eq(top, call.frame)) && call.is_open() {
        close(&call, end_ticks);
    } else {
        exit_slowly(call.frame, call.start_ticks, end_ticks);
    }
}

/// Counts a call of `site` by the innermost open one, without opening it.
#[inline]
pub(super) fn count(site: u32) {
    if !records() {
        return;
    }
    let known = || find(INDEX.get(), CALLER.get(), site);
    if let Some(found) = known().or_else(|| grow(site).then(known)?) {
        add(&found.edge.ncall, 1);
        let nested = found.open.load(Relaxed) > 0;
        add(&found.edge.nested, u64::from(nested));
    }
}

/// Closes the innermost open call of `site`, when there is one.
#[inline]
pub(super) fn exit_site(site: u32) {
    let (source, _) = begin();
    let end_ticks = source.ticks();
    if let Some(frame) = open_frames().find(|frame| frame.number() == site) {
        close_down_to(frame, end_ticks);
    }
}

/// Opens a call; `None` when there is no room for it yet.
///
/// Reading the counter waits for whatever stands before it, so what counts here is not the number
/// of instructions but how long a chain of them is.
#[inline(always)]
fn open(site: u32, calls: u32, source: Source) -> Option<Call> {
    let caller = CALLER.get();
    let found = *find(INDEX.get(), caller, site)?;
    let outer = TOP.get()?;
    let frame = outer.inner()?;
    change(found.open, |open| open.wrapping_add(1));
    frame.child_ticks.store(0, Relaxed);
    TOP.set(Some(frame));
    CALLER.set(site);
    let start_ticks = source.ticks();
    frame.occupy(site, calls, start_ticks);
    Some(Call { frame, outer, caller, found, start_ticks })
}

/// Ends the innermost open call.
#[inline(always)]
fn close(call: &Call, end_ticks: u64) {
    let calls = call.frame.calls();
    let elapsed = end_ticks.wrapping_sub(call.start_ticks);
    let own = elapsed.wrapping_sub(call.frame.child_ticks.load(Relaxed));
    call.frame.free();
    TOP.set(Some(call.outer));
    CALLER.set(call.caller);
    add(&call.outer.child_ticks, elapsed);
    let Found { edge, open, .. } = call.found;
    add(&edge.ncall, calls);
    add(&edge.self_ticks, own);
    if change(open, |open| open.wrapping_sub(1)) == 0 {
        add(&edge.total_ticks, elapsed);
    } else {
        add(&edge.nested, calls);
    }
}

#[cold]
#[inline(never)]
fn exit_slowly(frame: &'static Frame, start_ticks: u64, end_ticks: u64) {
    let started = |open: &&'static Frame| {
        ptr::eq(*open, frame) && open.start_ticks.load(Relaxed) == start_ticks
    };
    if let Some(frame) = open_frames().find(started) {
        close_down_to(frame, end_ticks);
    }
}

/// Ends the open call in `last` and all within it.
fn close_down_to(last: &'static Frame, end_ticks: u64) {
    while let Some(call) = innermost() {
        close(&call, end_ticks);
        if ptr::eq(call.frame, last) {
            return;
        }
    }
}

/// Makes room for a call of `site`; false in a thread whose end has begun.
#[cold]
#[inline(never)]
fn grow(site: u32) -> bool {
    if site == 0 {
        return false;
    }
    let grown = ENDING.try_with(|ending| {
        let thread = ending.0.get_or_init(Measured::start);
        thread.with_tables(|tables| {
            let top = TOP.get().unwrap_or(tables.root);
            if top.inner().is_none() {
                top.deepen();
            }
            tables.ensure_edge(top.number(), site);
            TOP.set(Some(top));
            INDEX.set(tables.index);
        })
    });
    matches!(grown, Ok(Some(())))
}

/// From the innermost outwards, without the root.
#[inline]
fn open_frames() -> impl Iterator<Item = &'static Frame> {
    iter::successors(TOP.get(), |frame| frame.outer).filter(|frame| frame.outer.is_some())
}

/// The innermost open call, put together again.
fn innermost() -> Option<Call> {
    let frame = TOP.get()?;
    let outer = frame.outer?;
    let caller = outer.number();
    Some(Call {
        frame,
        outer,
        caller,
        found: *find(INDEX.get(), caller, frame.number())?,
        start_ticks: frame.start_ticks.load(Relaxed),
    })
}

#[inline(always)]
fn source(state: u8) -> Source {
    if state & COUNTER == 0 { Source::Monotonic } else { Source::Counter }
}

impl Recording {
    pub fn hold() -> Self {
        want(|wanted| wanted.holders += 1);
        Self(())
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        want(|wanted| wanted.holders = wanted.holders.saturating_sub(1));
    }
}

impl Call {
    #[inline(always)]
    fn is_open(&self) -> bool {
        self.frame.start_ticks.load(Relaxed) == self.start_ticks
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        let Some(thread) = self.0.take() else {
            return;
        };
        TOP.set(None);
        CALLER.set(0);
        INDEX.set(&[]);
        let (source, _) = begin();
        thread.end(source.ticks());
    }
}

/// Changes a count that only this thread writes, and gives the new one.
#[inline(always)]
fn change(count: &AtomicU32, to: impl FnOnce(u32) -> u32) -> u32 {
    let changed = to(count.load(Relaxed));
    count.store(changed, Relaxed);
    changed
}
