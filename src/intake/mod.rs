//! What real systems send, as typed shapes, and how it becomes records of a source instance.
//!
//! A host parses bytes (XML, JSON, CSV) with crates of its own choice; the shapes here take what serde gives. Then one pure
//! function per system fills a [`SourceInstance`](crate::source::SourceInstance) with records in the words of the model.
//! Nothing here decides what a person is: no number is checked, no date is compared with another, nobody is joined.
//! What is dropped or cannot be read is a finding of the instance, and loses nothing else.

mod batch;
pub(crate) mod codes;
pub mod navet;
pub mod procapita;
pub mod ss12000;
pub mod tabular;
mod text;
mod wire;

pub use wire::Document;
pub use wire::Flag;
pub use wire::NoJson;
pub use wire::Unread;
