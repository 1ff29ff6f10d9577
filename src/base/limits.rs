//! All ceilings of the crate in one place. Counted, never measured: no remaining stack, no clock.

/// How much of everything is accepted. Each limit has an error that names it and its ceiling.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of one expression.
    pub expression_bytes: usize,
    /// Nodes of one expression.
    pub expression_nodes: usize,
    /// Height of the tree of one expression: bounds every recursion over it.
    pub expression_height: usize,
    /// Nesting of brackets and calls while an expression is parsed.
    pub expression_nesting: usize,
    /// Problems that are reported; of the rest, some are counted. What was meant is looked for in so many, and once ten times as many
    /// errors were found nobody looks for more. At least one is sought, whatever stands here.
    pub reported_problems: usize,
    /// Steps that one evaluation of one expression may take. An expression that could take more, were everything that it
    /// reads as large as it may be, is refused.
    pub evaluation_steps: u64,
    /// Bytes of one text that an expression may read.
    pub read_text: usize,
    /// Values of one list, and entries of one map, that an expression may read.
    pub read_list: usize,
    /// Characters of one text and values of one list that an expression may build; more is an error in the data.
    pub value_size: usize,
    /// Bytes of a rule file.
    pub rule_file_bytes: usize,
    /// Keys and values of a rule file: names in headers and before `=`, texts, numbers, lists and what is in them. The rules of three
    /// municipalities (`examples/sml`) have a thirtieth of what is allowed from the start.
    pub rule_file_values: usize,
    /// Nesting of tables and lists in a rule file.
    pub rule_file_nesting: usize,
    /// Account rules of a rule set. Each is a type of its own to expressions.
    pub account_rules: usize,
    /// Rows of any table of the model: persons, affiliations, units.
    pub rows: usize,
    /// Candidates that are tried for one name.
    pub name_candidates: u32,
}

impl Limits {
    /// Once so many errors were found, nobody looks for more.
    pub(crate) fn sought_problems(&self) -> usize {
        self.reported_problems.max(1).saturating_mul(10)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            expression_bytes: 524_288,
            expression_nodes: 131_072,
            expression_height: 200,
            expression_nesting: 100,
            reported_problems: 100,
            evaluation_steps: 10_000_000,
            read_text: 1_024,
            read_list: 256,
            value_size: 65_536,
            rule_file_bytes: 4_194_304,
            rule_file_values: 32_768,
            rule_file_nesting: 32,
            account_rules: 1_000,
            rows: 16_777_216,
            name_candidates: 10_000,
        }
    }
}
