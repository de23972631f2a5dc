//! What an instrumented call costs, enter and exit together, beside two bare readings of the
//! time-stamp counter (the limit for anything that measures) and beside the usual instruments.
//! Times depend on the machine; the ratios to `two_ticks` are what counts.

use std::hint::black_box;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Instant;

use divan::Bencher;
use divan::counter::ItemsCount;
use superlinear::measure::spans;
use superlinear::measure::spans::Session;
use superlinear::measure::spans::layer::SpansLayer;
use superlinear::measure::spans::subscriber::SpansSubscriber;
use superlinear::span;
use superlinear::system::ticks::Source;
use tracing::Event;
use tracing::Metadata;
use tracing::Subscriber;
use tracing::span::Attributes;
use tracing::span::Id;
use tracing::span::Record;
use tracing::subscriber::Interest;
use tracing_subscriber::Registry;
use tracing_subscriber::layer::Layered;
use tracing_subscriber::layer::SubscriberExt as _;

const CALLS: u32 = 20_000;
const SAMPLES: u32 = 200;

fn main() {
    measure_without_session();
    let file = tempfile::NamedTempFile::new().unwrap();
    let session = Session::into_file(file.path());
    tracing::subscriber::set_global_default(Either::new()).unwrap();
    divan::main();
    session.finish().unwrap();
}

/// What the guard costs a program that is not being measured.
fn measure_without_session() {
    let watch = Instant::now();
    for _ in 0..CALLS * SAMPLES {
        guarded();
    }
    let each = watch.elapsed() / (CALLS * SAMPLES);
    println!("guard without a session: {each:?} a call");
}

#[divan::bench(sample_count = SAMPLES, sample_size = CALLS)]
fn two_ticks() -> u64 {
    let begin = Source::Counter.ticks();
    black_box(());
    Source::Counter.ticks() - begin
}

#[divan::bench(sample_count = SAMPLES, sample_size = CALLS)]
fn two_instants() -> u128 {
    let begin = Instant::now();
    black_box(());
    begin.elapsed().as_nanos()
}

#[divan::bench(sample_count = SAMPLES, sample_size = CALLS)]
fn guard() {
    guarded();
}

#[divan::bench(sample_count = SAMPLES, sample_size = CALLS)]
fn guard_three_deep(bencher: Bencher<'_, '_>) {
    bencher.counter(ItemsCount::new(3_u32)).bench_local(outer);
}

#[divan::bench(sample_count = SAMPLES, sample_size = CALLS)]
fn tracing_with_our_subscriber(bencher: Bencher<'_, '_>) {
    REGISTRY.store(false, Ordering::Relaxed);
    bencher.bench_local(traced);
}

#[divan::bench(sample_count = SAMPLES, sample_size = CALLS)]
fn tracing_with_registry_and_our_layer(bencher: Bencher<'_, '_>) {
    REGISTRY.store(true, Ordering::Relaxed);
    bencher.bench_local(traced);
}

#[inline(never)]
fn guarded() {
    let _span = span!("guarded");
    black_box(());
}

#[inline(never)]
fn outer() {
    let _span = span!("outer");
    middle();
    black_box(());
}

#[inline(never)]
fn middle() {
    let _span = span!("middle");
    guarded();
    black_box(());
}

#[inline(never)]
fn traced() {
    let _span = tracing::info_span!("traced").entered();
    black_box(());
}

static REGISTRY: AtomicBool = AtomicBool::new(false);

/// Two subscribers as one global default, since a process has room for one and a scoped one costs
/// more than either.
struct Either {
    layered: Layered<SpansLayer, Registry>,
    alone: SpansSubscriber,
}

impl Either {
    fn new() -> Self {
        Self {
            layered: tracing_subscriber::registry().with(spans::layer()),
            alone: spans::subscriber(),
        }
    }
}

macro_rules! forward {
    ($self:ident.$call:ident($($argument:expr),*)) => {
        if REGISTRY.load(Ordering::Relaxed) {
            $self.layered.$call($($argument),*)
        } else {
            $self.alone.$call($($argument),*)
        }
    };
}

impl Subscriber for Either {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        self.alone.register_callsite(metadata)
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_span()
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        forward!(self.new_span(attributes))
    }

    fn record(&self, id: &Id, values: &Record<'_>) {
        forward!(self.record(id, values));
    }

    fn record_follows_from(&self, id: &Id, follows: &Id) {
        forward!(self.record_follows_from(id, follows));
    }

    fn event(&self, event: &Event<'_>) {
        forward!(self.event(event));
    }

    fn enter(&self, id: &Id) {
        forward!(self.enter(id));
    }

    fn exit(&self, id: &Id) {
        forward!(self.exit(id));
    }

    fn clone_span(&self, id: &Id) -> Id {
        forward!(self.clone_span(id))
    }

    fn try_close(&self, id: Id) -> bool {
        forward!(self.try_close(id))
    }
}
