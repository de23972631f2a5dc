//! What a run cost, function by function: plain types and their exchange form, no files.

pub mod model;
pub mod wire;

pub use model::Cost;
pub use model::CostUnit;
pub use model::Edge;
pub use model::Function;
pub use model::FunctionKey;
pub use model::Origin;
pub use model::Profile;
pub use model::Thread;
