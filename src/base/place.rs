//! Where something stands in a rule file: a path of keys, and a range of bytes inside the value there.
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

/// A path and, inside the text of the value there, a range of bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Place {
    /// The way to the value.
    pub path: Path,
    /// Bytes inside the decoded text of the value; `None` means the whole value.
    pub span: Option<Range<usize>>,
}

impl Place {
    /// The whole value at a path.
    pub const fn at(path: Path) -> Self {
        Self { path, span: None }
    }

    /// A range of bytes inside the text at a path.
    pub const fn inside(path: Path, span: Range<usize>) -> Self {
        Self {
            path,
            span: Some(span),
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
