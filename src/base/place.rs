//! Where something stands in a rule file: a path of keys, and which part of what stands there.
//!
//! A place knows no file: line and column are found by whoever holds the text.

use alloc::sync::Arc;
use core::fmt;
use core::ops::Range;

use super::Text;

/// One step of a path: the key of a table, or the position in a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    /// A key.
    Key(Text),
    /// A position, from 0.
    Index(usize),
}

/// A way into a rule file, such as `account.staff.set.mail` or `primary[1].by`. Cheap to clone.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(Option<Arc<[Segment]>>);

impl Path {
    /// The root of the file.
    pub const fn root() -> Self {
        Self(None)
    }

    /// The path one key further in.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.longer(Segment::Key(Text::from(key)))
    }

    /// The path one list position further in.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.longer(Segment::Index(index))
    }

    fn longer(&self, last: Segment) -> Self {
        let before = self.segments().iter().cloned();
        Self(Some(before.chain(core::iter::once(last)).collect()))
    }

    /// The steps from the root.
    pub fn segments(&self) -> &[Segment] {
        self.0.as_deref().unwrap_or_default()
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Path({:?})", self.segments())
    }
}

impl fmt::Display for Path {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, segment) in self.segments().iter().enumerate() {
            match segment {
                Segment::Index(index) => write!(formatter, "[{index}]")?,
                Segment::Key(key) => {
                    if position > 0 {
                        formatter.write_str(".")?;
                    }
                    let plain = !key.is_empty()
                        && key
                            .chars()
                            .all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-'));
                    if plain {
                        formatter.write_str(key)?;
                    } else {
                        write!(formatter, "\"{}\"", key.escape_default())?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// Which part of what stands at a path is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Part {
    /// The whole value.
    #[default]
    Value,
    /// The key before the value.
    Key,
    /// Bytes inside the decoded text of the value.
    Bytes(Range<usize>),
}

/// A path, and which part of what stands there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Place {
    /// The way to the value.
    pub path: Path,
    /// What of it.
    pub part: Part,
}

impl Place {
    /// The whole value at a path.
    pub const fn at(path: Path) -> Self {
        Self {
            path,
            part: Part::Value,
        }
    }

    /// The key at the end of a path.
    pub const fn of_key(path: Path) -> Self {
        Self {
            path,
            part: Part::Key,
        }
    }

    /// A range of bytes inside the text at a path.
    pub const fn inside(path: Path, span: Range<usize>) -> Self {
        Self {
            path,
            part: Part::Bytes(span),
        }
    }
}

impl From<Path> for Place {
    fn from(path: Path) -> Self {
        Self::at(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn a_path_reads_as_it_is_written() {
        let path = Path::root()
            .key("table")
            .key("employer")
            .key("14 30")
            .key("row")
            .index(2)
            .key("by");
        assert_eq!(path.to_string(), "table.employer.\"14 30\".row[2].by");
    }
}
