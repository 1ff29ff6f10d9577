//! Attributes of accounts: what each may hold, and what stands instead for protected persons.

use alloc::string::String;
use alloc::vec::Vec;

use super::Checker;
use super::account::Of;
use super::account::placed;
use super::codes;
use super::protection::Guarded;
use super::protection::Placed;
use super::unknown_key;
use crate::base::Text;
use crate::diagnostic::Problem;
use crate::language::Environment;
use crate::language::Expected;
use crate::language::Program;
use crate::language::Type;
use crate::rules::compiled::AttributeRule;
use crate::rules::spec::AccountSpec;
use crate::rules::spec::Expression;
use crate::rules::spec::Others;
use crate::rules::spec::OutputKind;

impl Checker<'_> {
    pub(super) fn attribute_rules(
        &mut self,
        of: &Of<'_>,
        spec: &AccountSpec,
        lives: &Environment,
    ) -> Vec<AttributeRule> {
        let mut rules = Vec::new();
        for (name, attribute) in &spec.set {
            if self.is_full() {
                break;
            }
            let ordinary: Vec<Program> = attribute
                .alternatives()
                .filter_map(|expression| self.attribute(expression, lives))
                .collect();
            if ordinary.len() != attribute.alternatives().count() {
                continue;
            }
            let references = ordinary.iter().map(|program| self.is_account(program.ty()));
            let n_references = references.filter(|reference| *reference).count();
            if n_references > 0 && n_references < ordinary.len() {
                self.problems.push(
                    Problem::new(
                        &codes::WRONG_RESULT,
                        attribute.place.clone(),
                        alloc::format!(
                            "some values of attribute `{name}` are accounts, and others are not"
                        ),
                    )
                    .help("let all of them give accounts, or none"),
                );
            }
            let instead = spec
                .protected
                .as_ref()
                .and_then(|protected| protected.set.get(name));
            let protected = instead.and_then(|expression| self.attribute(expression, lives));
            let attribute_gate = self.gate(&Guarded {
                kind: OutputKind::Attribute,
                what: alloc::format!("attribute `{name}` of account `{}`", of.name),
                place: &attribute.place,
                own: attribute.protected.as_ref(),
                is_needed: false,
                rule: None,
                ordinary: ordinary
                    .iter()
                    .zip(attribute.alternatives())
                    .map(|(program, expression)| Placed {
                        program,
                        place: &expression.place,
                    })
                    .collect(),
                alternative: protected
                    .as_ref()
                    .map(|program| placed(Some(program), instead)),
                account: Some(of.gate),
                position: Some(of.position),
                may_omit: spec
                    .protected
                    .as_ref()
                    .is_some_and(|protected| protected.others == Others::Clear),
                primary_class: of.primary_class,
            });
            rules.push(AttributeRule {
                name: Text::from(name.as_str()),
                own: attribute.own,
                reference: n_references > 0,
                ordinary,
                protected,
                gate: attribute_gate,
            });
        }
        if let Some(protected) = &spec.protected {
            for (name, expression) in &protected.set {
                if !spec.set.contains_key(name) {
                    self.problems.push(unknown_key(
                        "attribute",
                        name,
                        &expression.place,
                        spec.set.keys().map(String::as_str),
                    ));
                }
            }
        }
        rules
    }

    fn attribute(&mut self, expression: &Expression, lives: &Environment) -> Option<Program> {
        let program = self.program(expression, lives, &Expected::any().or_none().or_keep())?;
        let fits = match program.ty() {
            Type::Text | Type::Int | Type::Bool | Type::Date | Type::Never | Type::Enum(_) => true,
            Type::List(element) => matches!(**element, Type::Text | Type::Never),
            ty => self.is_account(ty),
        };
        if !fits {
            self.wrong_result(
                expression,
                program.ty(),
                "an attribute cannot hold",
                "give a text, a list of text, a number, a date, a truth value, or another person's account",
            );
        }
        Some(program)
    }
}
