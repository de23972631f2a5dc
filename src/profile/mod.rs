//! What a run cost, function by function: plain types and their exchange form, no files.

pub mod measured;
pub mod model;
pub mod rename;
pub mod unfold;
pub mod wire;

pub use measured::MeasuredSeries;
pub use measured::Point;
pub use model::Cost;
pub use model::CostUnit;
pub use model::Edge;
pub use model::Function;
pub use model::FunctionKey;
pub use model::Origin;
pub use model::Profile;
pub use model::Thread;
pub use rename::renamed;
pub use unfold::Unfolded;
