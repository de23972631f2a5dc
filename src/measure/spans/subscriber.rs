//! Measures the spans of `tracing` and nothing else: no events, no fields, no registry.
//! It is for programs whose only use of `tracing` is to be measured.

use tracing::Event;
use tracing::Metadata;
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing::span::Attributes;
use tracing::span::Id;
use tracing::span::Record;
use tracing::subscriber::Interest;

use crate::measure::spans::callsite;
use crate::measure::spans::recorder;
use crate::measure::spans::session::Session;

/// See [`subscriber`].
#[derive(Debug)]
pub struct SpansSubscriber(());

/// Records every span of the program when `SUPERLINEAR_PROFILE` names a file, and writes it when
/// the program exits:
/// `tracing::subscriber::set_global_default(superlinear::measure::spans::subscriber())`.
///
/// It counts as [`layer`](crate::measure::spans::layer) does. The identity of a span is its place
/// in the source, so nothing is kept per span and nothing is to be freed.
pub fn subscriber() -> SpansSubscriber {
    Session::from_env().until_exit();
    SpansSubscriber(())
}

impl Subscriber for SpansSubscriber {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if metadata.is_span() { Interest::always() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_span()
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::TRACE)
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let number = callsite::number(attributes.metadata());
        recorder::count(number);
        Id::from_u64(u64::from(number.max(1)))
    }

    fn enter(&self, id: &Id) {
        recorder::enter(number(id), 0);
    }

    fn exit(&self, id: &Id) {
        recorder::exit_site(number(id));
    }

    fn record(&self, _id: &Id, _values: &Record<'_>) {}

    fn record_follows_from(&self, _id: &Id, _follows: &Id) {}

    fn event(&self, _event: &Event<'_>) {}
}

fn number(id: &Id) -> u32 {
    id.into_u64() as u32
}
