//! Units and school groups of a scenario.

use alloc::format;

use super::draft::Draft;
use super::draft::day_fields;
use super::draft::text_fields;

/// A unit, as an author describes it.
#[derive(Clone, Debug)]
pub struct Unit {
    pub(super) draft: Draft,
}

impl Unit {
    pub(super) fn new(code: &str) -> Self {
        let mut draft = Draft::new("unit", code);
        draft.set("code", code);
        Self { draft }
    }

    text_fields! {
        /// What it is called.
        name = "name";
        /// Its type, such as `school`.
        unit_type = "type";
        /// Its municipality, by code.
        municipality = "municipality";
        /// The unit above it, by code.
        parent = "parent";
        /// The code of the unit whose place it takes.
        replaces = "replaces";
        /// Its school unit code, eight digits.
        school_unit_code = "school_unit_code";
    }

    /// Who leads it, by the name of a person of the scenario.
    #[must_use]
    pub fn head(mut self, person: &str) -> Self {
        self.draft.set("head", person);
        self
    }

    /// Any other field, such as a customer field.
    #[must_use]
    pub fn field(mut self, name: &str, text: &str) -> Self {
        self.draft.set(name, text);
        self
    }
}

/// A class or another school group, as an author describes it.
#[derive(Clone, Debug)]
pub struct SchoolGroup {
    pub(super) draft: Draft,
}

impl SchoolGroup {
    pub(super) fn new(id: &str) -> Self {
        let mut draft = Draft::new("school_group", id);
        draft.set("name", id);
        Self { draft }
    }

    text_fields! {
        /// What it is called; the name in the scenario where nothing is said.
        name = "name";
        /// Its type, such as `Klass`.
        group_type = "type";
        /// Its school type, such as `GR`.
        school_type = "school_type";
        /// Its school, by the code of a unit of the scenario.
        unit = "unit";
    }

    day_fields! {
        /// Its first day.
        from = "start";
        /// Its last day.
        to = "end";
    }

    /// Its school year.
    #[must_use]
    pub fn school_year(mut self, year: u32) -> Self {
        self.draft.set("school_year", &format!("{year}"));
        self
    }

    /// Any other field, such as a customer field.
    #[must_use]
    pub fn field(mut self, name: &str, text: &str) -> Self {
        self.draft.set(name, text);
        self
    }
}
