//! Last acts before this process ends, by itself or by a polite signal.
//! It never ends the process on its own account.

use std::io;
use std::thread;

use signal_hook::consts::SIGINT;
use signal_hook::consts::SIGTERM;
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

/// Has `act` called when the process ends by returning from `main` or by `exit`.
/// It is not called when a signal or `abort` ends the process.
///
/// # Errors
/// When the system keeps no more such acts.
#[expect(unsafe_code, reason = "the library knows no other last act")]
pub fn before_exit(act: extern "C" fn()) -> io::Result<()> {
    // SAFETY: `act` is a function of this program, which lives as long as the process.
    match unsafe { libc::atexit(act) } {
        0 => Ok(()),
        _ => Err(io::Error::from(io::ErrorKind::OutOfMemory)),
    }
}

/// On the first SIGTERM or SIGINT calls `act` on a thread of its own, then lets the signal do what
/// it does by default: the process ends by that signal, as its parent expects.
///
/// # Errors
/// When the handler or the thread cannot be had.
pub fn before_termination(act: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGINT])?;
    thread::Builder::new()
        .name("termination".into())
        .spawn(move || {
            if let Some(signal) = signals.forever().next() {
                act();
                let _ = emulate_default_handler(signal);
            }
        })
        .map(drop)
}
