//! Requests to stop that reach this process.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::thread;

use signal_hook::consts::SIGINT;
use signal_hook::consts::SIGTERM;
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use crate::system::process::Signal;

/// How many of those who asked to hear of signals still do.
static LISTENERS: AtomicUsize = AtomicUsize::new(0);

/// Calls `on_signal` from a thread of its own for each INT and TERM, from now on, until it answers
/// that nobody is there to hear any more. When that is so of everybody who asked, the signal ends
/// the process as it does by default.
/// A file that would grow beyond the limit of this process is then an error like a full disk.
///
/// # Errors
/// When the handlers cannot be installed.
pub fn listen(mut on_signal: impl FnMut(Signal) -> bool + Send + 'static) -> io::Result<()> {
    survive_limits()?;
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    LISTENERS.fetch_add(1, Ordering::SeqCst);
    thread::Builder::new().name("signals".into()).spawn(move || {
        let signal = |number| if number == SIGINT { Signal::Interrupt } else { Signal::Terminate };
        let unheard = signals.forever().find(|number| !on_signal(signal(*number)));
        let was_last = LISTENERS.fetch_sub(1, Ordering::SeqCst) == 1;
        if let Some(number) = unheard.filter(|_| was_last) {
            let _ = emulate_default_handler(number);
        }
    })?;
    Ok(())
}

/// A handler, unlike ignoring the signal, is not inherited by the programs that this process
/// starts.
fn survive_limits() -> io::Result<()> {
    signal_hook::flag::register(libc::SIGXFSZ, Arc::default()).map(drop)
}
