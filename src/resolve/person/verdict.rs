//! Verdicts: what the population register says of each person, what follows, and whom it should be asked about.
//!
//! Keeps true: the register's word is held against what the other sources say, never against itself; only a stated cause stops
//! anybody; that a number is missing says something only where the register came complete.

use alloc::vec::Vec;

use chrono::NaiveDate;

use super::merge;
use super::register::Register;
use crate::base::Horizon;
use crate::base::shift;
use crate::diagnostic::Code;
use crate::diagnostic::Finding;
use crate::diagnostic::OpenText;
use crate::identity::DefaultEffect;
use crate::identity::Deregistration;
use crate::identity::IdentityNumber;
use crate::identity::NumberKind;
use crate::language::Class;
use crate::model::Follows;
use crate::model::Leaving;
use crate::model::PersonRow;
use crate::model::Verdict;
use crate::resolve::codes;
use crate::resolve::correlation::persons::Somebody;
use crate::resolve::decision::Lookup;
use crate::resolve::decision::LookupCause;
use crate::resolve::facts::convert;
use crate::resolve::facts::fact::FactRow;
use crate::resolve::facts::fact::World;
use crate::resolve::note::About;
use crate::resolve::note::Notes;
use crate::resolve::note::person_subject;
use crate::resolve::setting::Setting;
use crate::rules::spec::CauseEffect;

/// The verdict on a person, and what follows from it.
pub(in crate::resolve) struct Judged {
    pub(in crate::resolve) verdict: Verdict,
    pub(in crate::resolve) deregistration: Option<Deregistration>,
    pub(super) leaving: Option<Leaving>,
    /// Whether and how the person has left, as the register or else a source says; nothing where neither says anything.
    pub(super) left: Option<Left>,
}

/// Whether somebody has left, and in which way, as far as that is told as such.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    Not,
    Died,
    Emigrated,
    Otherwise,
}

impl Left {
    fn of(cause: &Deregistration, kind: NumberKind) -> Self {
        if cause.confirms_death(kind) {
            Self::Died
        } else if *cause == Deregistration::Emigrated {
            Self::Emigrated
        } else {
            Self::Otherwise
        }
    }

    /// The word in the ledger, which remembers nothing of those who have not left.
    pub(super) const fn word(self) -> Option<&'static str> {
        match self {
            Self::Not => None,
            Self::Died => Some("died"),
            Self::Emigrated => Some("emigrated"),
            Self::Otherwise => Some("otherwise"),
        }
    }
}

/// Judges persons, one after another.
pub(in crate::resolve) struct Judge<'j, 'a> {
    pub(in crate::resolve) setting: &'j Setting<'a>,
    pub(in crate::resolve) world: &'j World<'a>,
    pub(in crate::resolve) register: &'j Register,
    pub(in crate::resolve) horizon: &'j mut Horizon,
    pub(in crate::resolve) notes: &'j mut Notes,
    pub(in crate::resolve) lookups: &'j mut Vec<Lookup>,
}

impl Judge<'_, '_> {
    /// The verdict on a person.
    pub(in crate::resolve) fn of(&mut self, row: PersonRow, person: &Somebody) -> Judged {
        let mut judged = Judged {
            verdict: Verdict::NotAsked,
            deregistration: None,
            leaving: None,
            left: None,
        };
        if let Some(number) = person
            .number
            .as_ref()
            .filter(|number| number.kind().in_register())
        {
            self.by_number(row, person, number, &mut judged);
        }
        if judged.verdict != Verdict::Deregistered {
            self.by_status(row, person, &mut judged);
        }
        judged
    }

    fn by_number(
        &mut self,
        row: PersonRow,
        person: &Somebody,
        number: &IdentityNumber,
        judged: &mut Judged,
    ) {
        let entry = self.register.of(number);
        let Some((fact, entry)) = entry.and_then(|entry| Some((entry.fact()?, entry))) else {
            if self.register.complete {
                judged.verdict = Verdict::NotFound;
                self.note(
                    row,
                    person,
                    &codes::NOT_IN_REGISTER,
                    "the register was asked and does not know the number",
                );
            } else {
                self.look_up(person, number, LookupCause::NotAsked);
            }
            return;
        };
        for other in &entry.references {
            if other.kind().in_register()
                && self.register.of(other).is_none()
                && !person.numbers.contains(other)
            {
                self.look_up(person, other, LookupCause::Reference);
            }
        }
        // A cause outlives the age of its answer: nobody comes back from the dead because an answer is old.
        if let Some(cause) = &entry.deregistration {
            judged.verdict = Verdict::Deregistered;
            judged.deregistration = Some(cause.clone());
            // Whoever asks only about those who are listed would else never hear of a return.
            if self.is_too_old(fact) {
                self.look_up(person, number, LookupCause::Stale);
            }
            let on = self.deregistered_on(fact);
            self.follow(row, person, cause, number.kind(), on, judged);
            return;
        }
        if self.is_too_old(fact) {
            judged.verdict = Verdict::Stale;
            self.look_up(person, number, LookupCause::Stale);
            return;
        }
        judged.verdict = if self.has_conflicts(row, person, fact) {
            Verdict::Conflicting
        } else {
            Verdict::Verified
        };
        judged.left = Some(Left::Not);
    }

    /// Whether an answer of the register is older than the rules allow.
    fn is_too_old(&mut self, fact: FactRow) -> bool {
        let as_of = self.world.delivery_of(fact).as_of;
        let most = self.setting.register_max_age;
        most.is_some_and(|most| self.horizon.reached(shift(as_of, most.saturating_add(1))))
    }

    /// What a school system says: where the register says nothing, dead is dead.
    fn by_status(&mut self, row: PersonRow, person: &Somebody, judged: &mut Judged) {
        let cause = person.facts.iter().find_map(|fact| {
            let known = self.world.facts.at(*fact);
            let status = known.text("status").filter(|_| known.lives())?;
            let cause = match () {
                () if status.eq_ignore_ascii_case("deceased") => Deregistration::Deceased,
                () if status.eq_ignore_ascii_case("emigrated") => Deregistration::Emigrated,
                () => return None,
            };
            Some((cause, self.world.delivery_of(*fact).as_of))
        });
        let Some((cause, on)) = cause else {
            return;
        };
        if matches!(judged.verdict, Verdict::Verified | Verdict::Conflicting) {
            self.note(
                row,
                person,
                &codes::DEREGISTERED,
                "a source says that a person has left whom the register knows as active",
            );
            return;
        }
        let kind = person
            .number
            .as_ref()
            .map_or(NumberKind::TF, IdentityNumber::kind);
        self.follow(
            row,
            person,
            &cause,
            kind,
            on.min(self.setting.as_of),
            judged,
        );
    }

    /// The day of a deregistration, as far as it is known.
    fn deregistered_on(&self, fact: FactRow) -> NaiveDate {
        let day = self
            .world
            .facts
            .at(fact)
            .text("deregistration_date")
            .and_then(|text| convert::day(text).ok().flatten());
        day.unwrap_or_else(|| self.world.delivery_of(fact).as_of.min(self.setting.as_of))
    }

    fn follow(
        &mut self,
        row: PersonRow,
        person: &Somebody,
        cause: &Deregistration,
        kind: NumberKind,
        on: NaiveDate,
        judged: &mut Judged,
    ) {
        let left = Left::of(cause, kind);
        let died = matches!(left, Left::Died);
        judged.left = Some(left);
        let rule = self.setting.cause(cause);
        let effect = rule
            .and_then(|rule| rule.usually)
            .map_or_else(|| cause.default_effect(kind), stated);
        let by_population = rule.map(|rule| rule.by_population.iter());
        let leaving = Leaving {
            on,
            died,
            usually: follows(effect),
            by_population: by_population
                .into_iter()
                .flatten()
                .map(|(name, effect)| (name.clone(), follows(stated(*effect))))
                .collect(),
        };
        let (stops, holds) = (
            leaving.somewhere(Follows::Disable),
            leaving.somewhere(Follows::Hold),
        );
        if effect == DefaultEffect::Nothing && !stops && !holds {
            return;
        }
        if stops {
            self.horizon.changes_on(on);
        }
        judged.leaving = Some(leaving);
        let message = if stops {
            "a person is deregistered for a cause that stops their accounts"
        } else if holds {
            "a person is deregistered, and is held until somebody decides"
        } else if effect == DefaultEffect::Relink {
            "the number of a person gave way to another one that is not linked"
        } else {
            "a person is deregistered"
        };
        self.note(row, person, &codes::DEREGISTERED, message);
    }

    /// Whether a name, the birth date or the sex differs from what the other sources say; each that does is told.
    fn has_conflicts(&mut self, row: PersonRow, person: &Somebody, fact: FactRow) -> bool {
        let conflicts = self.conflicts(row, person, fact);
        for field in conflicts.iter().copied() {
            let message =
                OpenText::words("the register knows the number under another ").quote(field);
            let subject = person_subject(person.key);
            let finding = Finding::new(&codes::REGISTER_CONFLICT, subject, message).field(field);
            // That there is a conflict is open; of a protected person not even the field is told.
            self.notes.about(About::Person(row), Class::Open, finding);
        }
        !conflicts.is_empty()
    }

    fn conflicts(&self, row: PersonRow, person: &Somebody, fact: FactRow) -> Vec<&'static str> {
        let known = self.world.facts.at(fact);
        let other =
            |field: &str| merge::without_register(self.setting, self.world, row, person, field);
        let differs = |registered: &str, field: &str, agree: &dyn Fn(&str, &str) -> bool| match (
            known.text(registered),
            other(field),
        ) {
            (Some(one), Some(two)) => !agree(one, &two),
            _ => false,
        };
        let same_birth = |one: &str, two: &str| {
            let date = crate::identity::PartialDate::parse(one).ok();
            let day = convert::birth_date(two).ok().flatten();
            matches!((date, day), (Some(date), Some(day)) if date.agrees_with(day))
                || date.is_none()
                || day.is_none()
        };
        let same_sex = |one: &str, two: &str| match (convert::sex(one), convert::sex(two)) {
            (Some(one), Some(two)) => one == two,
            _ => true,
        };
        let found = [
            (
                "given_name",
                differs("given_names", "given_name", &merge::given_names_agree),
            ),
            (
                "surname",
                differs("surname", "surname", &merge::surnames_agree),
            ),
            (
                "birth_date",
                differs("birth_date", "birth_date", &same_birth),
            ),
            ("sex", differs("sex", "sex", &same_sex)),
        ];
        let found = found.into_iter().filter(|(_, differs)| *differs);
        found.map(|(field, _)| field).collect()
    }

    fn look_up(&mut self, person: &Somebody, number: &IdentityNumber, cause: LookupCause) {
        self.lookups
            .push(Lookup::new(person.key, cause, number.canonical()));
    }

    fn note(
        &mut self,
        row: PersonRow,
        person: &Somebody,
        code: &'static Code,
        message: &'static str,
    ) {
        let finding = Finding::new(code, person_subject(person.key), message);
        // A verdict is open; what it is made of is not.
        self.notes.about(About::Person(row), Class::Open, finding);
    }
}

/// An effect that the rules state.
const fn stated(effect: CauseEffect) -> DefaultEffect {
    match effect {
        CauseEffect::Disable => DefaultEffect::Disable,
        CauseEffect::Hold => DefaultEffect::Hold,
        CauseEffect::Ignore => DefaultEffect::Nothing,
        CauseEffect::Relink => DefaultEffect::Relink,
    }
}

/// What an effect means for accounts.
const fn follows(effect: DefaultEffect) -> Follows {
    match effect {
        DefaultEffect::Disable => Follows::Disable,
        DefaultEffect::Hold => Follows::Hold,
        DefaultEffect::Nothing | DefaultEffect::Flag | DefaultEffect::Relink => Follows::Nothing,
    }
}
