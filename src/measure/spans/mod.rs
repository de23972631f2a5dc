//! Exact calls and wall time of Rust functions: the guard, the layer and the subscriber for
//! `tracing`, the session that saves the profile, and the backend that collects it.

pub mod backend;
mod callsite;
mod edge;
mod frame;
pub mod guard;
pub mod layer;
mod recorder;
pub mod session;
pub mod site;
mod snapshot;
pub mod subscriber;
mod table;
mod thread;

pub use backend::Spans;
pub use guard::Guard;
pub use layer::layer;
pub use session::Session;
pub use site::Site;
pub use subscriber::subscriber;
