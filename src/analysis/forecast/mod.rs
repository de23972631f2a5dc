//! What the program costs at sizes that were not run, put together from its parts, so that no part
//! costs more than the whole.

mod amount;
mod calls;
mod parts;
mod program;
mod projection;
mod whole;

pub use amount::Amount;
pub use projection::of_program;
pub use projection::projection;
pub use whole::At;
pub use whole::Forecast;
