//! The site of each place in the source where `tracing` makes a span.
//! It remembers per thread which is which, so that a look-up takes no lock.

use std::cell::Cell;
use std::collections::HashMap;
use std::ptr;
use std::sync::Mutex;
use std::sync::PoisonError;

use tracing::Metadata;

use crate::measure::spans::site;
use crate::profile::FunctionKey;

const REMEMBERED: usize = 256;

thread_local! {
    /// Address of the metadata and number of the site; address 0 where nothing is remembered.
    static LAST: [Cell<(usize, u32)>; REMEMBERED] =
        const { [const { Cell::new((0, 0)) }; REMEMBERED] };
}

static NUMBERS: Mutex<Option<HashMap<usize, u32>>> = Mutex::new(None);

/// The number of the site that `metadata` describes.
#[inline]
pub(super) fn number(metadata: &'static Metadata<'static>) -> u32 {
    let address = ptr::from_ref(metadata).addr();
    LAST.with(|last| {
        let slot = &last[address / align_of::<Metadata<'static>>() % REMEMBERED];
        match slot.get() {
            (known, number) if known == address => number,
            _ => {
                let number = look_up(address, metadata);
                slot.set((address, number));
                number
            }
        }
    })
}

#[cold]
fn look_up(address: usize, metadata: &'static Metadata<'static>) -> u32 {
    let mut numbers = NUMBERS.lock().unwrap_or_else(PoisonError::into_inner);
    *numbers.get_or_insert_default().entry(address).or_insert_with(|| site::register(key(metadata)))
}

/// Name, file and line; the target stands before the name where the file is unknown.
fn key(metadata: &Metadata<'_>) -> FunctionKey {
    let name = metadata.name();
    match metadata.file() {
        Some(file) => FunctionKey {
            name: name.into(),
            file: file.into(),
            line: metadata.line().unwrap_or_default(),
        },
        None => {
            FunctionKey { name: format!("{}::{name}", metadata.target()), ..FunctionKey::default() }
        }
    }
}
