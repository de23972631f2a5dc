//! Measures the spans of `tracing` beside whatever else a program does with them.
//! The registry below it costs several times what the recording does; a program that needs nothing
//! else of `tracing` is better off with [`subscriber`](crate::measure::spans::subscriber).

use tracing::Subscriber;
use tracing::span::Attributes;
use tracing::span::Id;
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use crate::measure::spans::callsite;
use crate::measure::spans::recorder;
use crate::measure::spans::session::Session;

/// See [`layer`].
#[derive(Debug)]
pub struct SpansLayer(());

/// Records every span of the program when `SUPERLINEAR_PROFILE` names a file, and writes it when
/// the program exits: `tracing_subscriber::registry().with(superlinear::measure::spans::layer())`.
///
/// A span counts one call when it is made, on the thread and under the span that makes it; its time
/// is that between entering and leaving, so that a future counts once and its waiting not at all.
/// A span that another in the same thread outlives is taken to have ended with that one.
pub fn layer() -> SpansLayer {
    Session::from_env().until_exit();
    SpansLayer(())
}

impl<S> Layer<S> for SpansLayer
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, _id: &Id, _context: Context<'_, S>) {
        if recorder::records() {
            recorder::count(callsite::number(attributes.metadata()));
        }
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        if !recorder::records() {
            return;
        }
        if let Some(metadata) = context.metadata(id) {
            recorder::enter(callsite::number(metadata), 0);
        }
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        if !recorder::has_open() {
            return;
        }
        if let Some(metadata) = context.metadata(id) {
            recorder::exit_site(callsite::number(metadata));
        }
    }
}
