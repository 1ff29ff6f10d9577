//! Employments, duties, enrolments and memberships of a scenario. Days are inclusive: `to` is the last one.

use alloc::format;

use super::draft::Draft;
use super::draft::day_fields;
use super::draft::text_fields;
use super::message::day;

/// What all affiliations share.
macro_rules! affiliation {
    ($name:ident, $kind:literal) => {
        impl $name {
            pub(super) fn new(id: &str) -> Self {
                Self {
                    draft: Draft::new($kind, id),
                }
            }

            day_fields! {
                /// The first day.
                from = "start";
                /// The last day.
                to = "end";
            }

            /// Any other field, such as a customer field.
            #[must_use]
            pub fn field(mut self, name: &str, text: &str) -> Self {
                self.draft.set(name, text);
                self
            }
        }
    };
}

/// What all affiliations at a unit share.
macro_rules! at_a_unit {
    ($name:ident) => {
        impl $name {
            /// Where it is, by the code of a unit of the scenario.
            #[must_use]
            pub fn unit(mut self, code: &str) -> Self {
                self.draft.loose.remove("unit");
                self.draft.set("unit", code);
                self
            }

            /// A unit that no table of units knows.
            #[must_use]
            pub fn unknown_unit(mut self, code: &str) -> Self {
                self.draft.loose.insert("unit");
                self.draft.set("unit", code);
                self
            }
        }
    };
}

/// An employment, as an author describes it.
#[derive(Clone, Debug)]
pub struct Employment {
    pub(super) draft: Draft,
}

affiliation!(Employment, "employment");
at_a_unit!(Employment);

impl Employment {
    text_fields! {
        /// The employer, by code.
        employer = "employer";
        /// The form of employment, such as `permanent`.
        form = "form";
        /// The title.
        title = "title";
        /// The local code of the position.
        position_code = "position_code";
        /// The label of the occupation.
        occupational_label = "occupational_label";
    }

    /// How much of full time, in thousandths.
    #[must_use]
    pub fn extent(mut self, per_mille: u32) -> Self {
        self.draft.set("extent", &format!("{per_mille}"));
        self
    }

    /// That it is the main employment.
    #[must_use]
    pub fn main(mut self) -> Self {
        self.draft.set("main", "true");
        self
    }

    /// That it leads others.
    #[must_use]
    pub fn leads(mut self) -> Self {
        self.draft.set("is_manager", "true");
        self
    }

    /// The manager, by the name of a person of the scenario.
    #[must_use]
    pub fn manager(mut self, person: &str) -> Self {
        self.draft.set("manager", person);
        self
    }

    /// Who hires, by the name of a person of the scenario.
    #[must_use]
    pub fn hiring_manager(mut self, person: &str) -> Self {
        self.draft.set("hiring_manager", person);
        self
    }

    /// A full leave, with its first and last day.
    #[must_use]
    #[track_caller]
    pub fn leave(self, from: &str, to: &str) -> Self {
        self.part_leave(from, to, 1000)
    }

    /// A leave of so many thousandths of the employment, with its first and last day.
    #[must_use]
    #[track_caller]
    pub fn part_leave(mut self, from: &str, to: &str, per_mille: u32) -> Self {
        let (from, to) = (day(from), day(to));
        self.draft.add("leave_start", &format!("{from}"));
        self.draft.add("leave_end", &format!("{to}"));
        self.draft.add("leave_extent", &format!("{per_mille}"));
        self
    }
}

/// A duty at a unit, as an author describes it.
#[derive(Clone, Debug)]
pub struct Duty {
    pub(super) draft: Draft,
}

affiliation!(Duty, "duty");
at_a_unit!(Duty);

impl Duty {
    text_fields! {
        /// The role, such as `Lärare`.
        role = "role";
        /// The category of staff.
        category = "category";
        /// The title.
        title = "title";
        /// The employment it belongs to, by its name within the person: `1` is the first one.
        part_of = "parent";
    }

    /// How much of full time, in thousandths.
    #[must_use]
    pub fn extent(mut self, per_mille: u32) -> Self {
        self.draft.set("extent", &format!("{per_mille}"));
        self
    }
}

/// An enrolment at a school, as an author describes it.
#[derive(Clone, Debug)]
pub struct Enrolment {
    pub(super) draft: Draft,
}

affiliation!(Enrolment, "enrolment");
at_a_unit!(Enrolment);

impl Enrolment {
    text_fields! {
        /// The school type, such as `GR`.
        school_type = "school_type";
        /// The programme.
        programme = "programme";
    }

    /// The school year.
    #[must_use]
    pub fn school_year(mut self, year: u32) -> Self {
        self.draft.set("school_year", &format!("{year}"));
        self
    }

    /// That it was cancelled.
    #[must_use]
    pub fn cancelled(mut self) -> Self {
        self.draft.set("cancelled", "true");
        self
    }
}

/// A membership of a school group, as an author describes it.
#[derive(Clone, Debug)]
pub struct Membership {
    pub(super) draft: Draft,
}

affiliation!(Membership, "membership");

impl Membership {
    text_fields! {
        /// The school group, by its name in the scenario.
        group = "group";
        /// The role in it, such as `pupil`.
        role = "role";
        /// The enrolment it belongs to, by its name within the person: `1` is the first one.
        part_of = "parent";
    }
}
