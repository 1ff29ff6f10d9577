//! A page about a code: its text, and the blocks of its example and of its fix.

/// One page.
pub(crate) struct Page {
    pub(crate) id: String,
    pub(crate) text: String,
}

/// A block of a page.
#[derive(Clone)]
pub(crate) struct Block {
    /// What it holds: the words after the three backticks.
    pub(crate) what: String,
    pub(crate) text: String,
}

impl Page {
    pub(crate) fn read(id: &str, text: &str) -> Self {
        Self {
            id: id.to_owned(),
            text: text.to_owned(),
        }
    }

    /// Whether the code is about rules, and not about data.
    pub(crate) fn is_about_rules(&self) -> bool {
        self.id.starts_with(['L', 'R'])
    }

    /// The blocks of the example.
    pub(crate) fn example(&self) -> Vec<Block> {
        self.section("Example")
    }

    /// The blocks of the example, with those of the fix in place of the ones that are of the same kind.
    pub(crate) fn mended(&self) -> Vec<Block> {
        let mut blocks = self.example();
        for mended in self.section("The fix") {
            match blocks.iter_mut().find(|block| block.what == mended.what) {
                Some(block) => *block = mended,
                None => blocks.push(mended),
            }
        }
        blocks
    }

    fn section(&self, title: &str) -> Vec<Block> {
        let head = format!("\n## {title}\n");
        let (_, rest) = self
            .text
            .split_once(&head)
            .unwrap_or_else(|| panic!("{} has no section `{title}`", self.id));
        let section = rest.split("\n## ").next().unwrap();
        let mut blocks = Vec::new();
        for (position, part) in section.split("\n```").enumerate() {
            // Every second part stands inside of a block.
            if position % 2 == 1 {
                let (what, text) = part.split_once('\n').unwrap();
                blocks.push(Block {
                    what: what.to_owned(),
                    text: text.to_owned(),
                });
            }
        }
        assert!(!blocks.is_empty(), "{}: nothing in `{title}`", self.id);
        blocks
    }
}
