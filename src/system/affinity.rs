//! Which processors a thread, and every program that it starts, may run on.

#![cfg_attr(
    target_os = "linux",
    expect(unsafe_code, reason = "the standard library cannot set the affinity of a thread")
)]

use std::io;

/// The processors of this thread as they were before [`pin`]; dropping it sets them back.
#[derive(Debug)]
pub struct Pinned {
    before: Vec<usize>,
}

/// Confines this thread, and the programs that it starts meanwhile, to `processors`.
///
/// # Errors
/// When none of them may be used, or the system has no such call.
pub fn pin(processors: &[usize]) -> io::Result<Pinned> {
    let before = allowed();
    set(processors)?;
    Ok(Pinned { before })
}

impl Drop for Pinned {
    fn drop(&mut self) {
        let _ = set(&self.before);
    }
}

/// The processors that this thread may run on; none where the system does not tell.
#[cfg(target_os = "linux")]
pub fn allowed() -> Vec<usize> {
    // SAFETY: all zeros is the empty set.
    let mut set: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    // SAFETY: `set` is live and of the size that is passed.
    let found = unsafe { libc::sched_getaffinity(0, size_of::<libc::cpu_set_t>(), &raw mut set) };
    if found != 0 {
        return Vec::new();
    }
    let most = libc::CPU_SETSIZE.unsigned_abs() as usize;
    // SAFETY: every number is below the size of the set.
    (0..most).filter(|number| unsafe { libc::CPU_ISSET(*number, &set) }).collect()
}

#[cfg(target_os = "linux")]
fn set(processors: &[usize]) -> io::Result<()> {
    let most = libc::CPU_SETSIZE.unsigned_abs() as usize;
    // SAFETY: all zeros is the empty set.
    let mut set: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    for number in processors.iter().filter(|number| **number < most) {
        // SAFETY: the number is below the size of the set.
        unsafe { libc::CPU_SET(*number, &mut set) };
    }
    // SAFETY: `set` is live and of the size that is passed.
    match unsafe { libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &raw const set) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

#[cfg(not(target_os = "linux"))]
pub fn allowed() -> Vec<usize> {
    Vec::new()
}

#[cfg(not(target_os = "linux"))]
fn set(_processors: &[usize]) -> io::Result<()> {
    Err(io::Error::from(io::ErrorKind::Unsupported))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn confines_only_until_it_is_dropped() {
        let before = allowed();
        let last = *before.last().unwrap();
        let pinned = pin(&[last]).unwrap();
        assert_eq!(allowed(), [last]);
        drop(pinned);
        assert_eq!(allowed(), before);
    }

    #[test]
    fn refuses_processors_that_are_not_there() {
        assert!(pin(&[1_000_000]).is_err());
        assert!(pin(&[]).is_err());
    }
}
