//! Requests to stop that reach this process.

use std::io;
use std::sync::Arc;
use std::thread;

use signal_hook::consts::SIGINT;
use signal_hook::consts::SIGTERM;
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use crate::system::process::Signal;

/// Calls `on_signal` from a thread of its own for each INT and TERM, from now on. It answers whether
/// anybody still listens; when nobody does, the signal ends the process as it does by default.
/// A file that would grow beyond the limit of this process is then an error like a full disk.
///
/// # Errors
/// When the handlers cannot be installed.
pub fn listen(mut on_signal: impl FnMut(Signal) -> bool + Send + 'static) -> io::Result<()> {
    survive_limits()?;
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    thread::Builder::new().name("signals".into()).spawn(move || {
        for number in signals.forever() {
            let signal = if number == SIGINT { Signal::Interrupt } else { Signal::Terminate };
            if !on_signal(signal) {
                let _ = emulate_default_handler(number);
            }
        }
    })?;
    Ok(())
}

/// A handler, unlike ignoring the signal, is not inherited by the programs that this process
/// starts.
fn survive_limits() -> io::Result<()> {
    signal_hook::flag::register(libc::SIGXFSZ, Arc::default()).map(drop)
}
