//! Writes expressions over the fields of the model: nearly all of the type that is wanted, and some not. The checker has the last word.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::people::Dice;
use super::people::TEXTS;
use crate::language::Environment;
use crate::language::Type;
use crate::rules::Compiled;

/// An expression of some type.
pub(super) fn written(paths: &BTreeMap<String, Vec<String>>, dice: &mut Dice<'_>) -> String {
    let depth = dice.below(4);
    let which = dice.below(5);
    let mut author = Author { paths, dice };
    match which {
        0 => author.bool(depth),
        1 => author.int(depth),
        2 => author.date(depth),
        3 => author.texts(depth),
        _ => author.text(depth),
    }
}

struct Author<'a, 'd> {
    /// Ways to values, by the name of their type.
    paths: &'a BTreeMap<String, Vec<String>>,
    dice: &'a mut Dice<'d>,
}

/// Every way of at most three fields from a variable.
pub(super) fn paths(rules: &Compiled, environment: &Environment) -> BTreeMap<String, Vec<String>> {
    let schema = &rules.schema.language;
    let mut paths: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for variable in environment.variables() {
        let mut left = Vec::from([((*variable.name).to_owned(), variable.ty.clone(), 0_u8)]);
        while let Some((path, ty, depth)) = left.pop() {
            if let Type::Record(record) = &ty
                && depth < 3
            {
                for field in schema.fields(*record) {
                    left.push((
                        format!("{path}.{}", field.name),
                        field.ty.clone(),
                        depth.saturating_add(1),
                    ));
                }
            }
            if depth > 0 {
                paths.entry(schema.type_name(&ty)).or_default().push(path);
            }
        }
    }
    paths
}

impl Author<'_, '_> {
    fn path(&mut self, ty: &str) -> String {
        let paths = self.paths.get(ty).unwrap();
        // One byte chooses too few of them.
        let at = self
            .dice
            .below(256)
            .saturating_mul(256)
            .saturating_add(self.dice.below(256));
        let path = paths.get(at.checked_rem(paths.len()).unwrap()).unwrap();
        path.clone()
    }

    /// A path whose last step asks whether there is something.
    fn optional(&mut self, ty: &str) -> String {
        let path = self.path(ty);
        let (record, field) = path.rsplit_once('.').unwrap();
        format!("{record}.?{field}")
    }

    fn bool(&mut self, depth: usize) -> String {
        let Some(less) = depth.checked_sub(1) else {
            return match self.dice.below(3) {
                0 => "true".to_owned(),
                _ => self.path("bool"),
            };
        };
        match self.dice.below(16) {
            0 => format!("{} == {}", self.text(less), self.text(less)),
            1 => format!("{} < {}", self.int(less), self.int(less)),
            2 => format!("({} && {})", self.bool(less), self.bool(less)),
            3 => format!("({} || {})", self.bool(less), self.bool(less)),
            4 => format!("!({})", self.bool(less)),
            5 => format!("has({})", self.path("text")),
            6 => format!("{} in {}", self.text(less), self.texts(less)),
            7 => format!("{}.contains({})", self.text(less), self.text(less)),
            8 => format!("{}.matches({})", self.text(less), self.text(less)),
            9 => format!("{} <= {}", self.date(less), self.date(less)),
            10 => format!("as_of >= {}", self.date(less)),
            11 => format!("{}.under({})", self.path("unit"), self.text(less)),
            12 => format!("{}.exists(x, x == {})", self.texts(less), self.text(less)),
            13 => format!("{}.all(x, x < {})", self.texts(less), self.text(less)),
            14 => format!(
                "({} ? {} : {})",
                self.bool(less),
                self.bool(less),
                self.bool(less)
            ),
            _ => format!("{} in {{{}: 1}}", self.text(less), self.text(less)),
        }
    }

    fn int(&mut self, depth: usize) -> String {
        let Some(less) = depth.checked_sub(1) else {
            return match self.dice.below(3) {
                0 => (*self
                    .dice
                    .pick(&["0", "1", "3", "-7", "9223372036854775807"]))
                .to_owned(),
                _ => self.path("int"),
            };
        };
        match self.dice.below(10) {
            0 => format!("({} + {})", self.int(less), self.int(less)),
            1 => format!("({} - {})", self.int(less), self.int(less)),
            2 => format!("{} * {}", self.int(less), self.int(less)),
            3 => format!("({}) / ({})", self.int(less), self.int(less)),
            4 => format!("({}) % ({})", self.int(less), self.int(less)),
            5 => format!("size({})", self.text(less)),
            6 => format!("size({})", self.texts(less)),
            7 => format!("days_between({}, as_of)", self.date(less)),
            8 => format!("{}.indexOf({})", self.text(less), self.text(less)),
            _ => format!("int({})", self.text(less)),
        }
    }

    fn date(&mut self, depth: usize) -> String {
        match (self.dice.below(6), depth.checked_sub(1)) {
            (0, Some(less)) => format!("({}).add_days({})", self.date(less), self.int(less)),
            (1, Some(less)) => format!("date({})", self.text(less)),
            (2, Some(less)) => format!("{}.orValue({})", self.optional("date"), self.date(less)),
            (3, _) => "date(\"2026-08-31\")".to_owned(),
            _ => self.path("date"),
        }
    }

    fn text(&mut self, depth: usize) -> String {
        let Some(less) = depth.checked_sub(1) else {
            return match self.dice.below(3) {
                0 => format!("{:?}", self.dice.pick(&TEXTS)),
                _ => self.path("text"),
            };
        };
        match self.dice.below(18) {
            0 => format!("({} + {})", self.text(less), self.text(less)),
            1 => format!("{}.take({})", self.text(less), self.int(less)),
            2 => format!("fold({})", self.text(less)),
            3 => format!(
                "{}.replace({}, {})",
                self.text(less),
                self.text(less),
                self.text(less)
            ),
            4 => format!("{}.trim().upperAscii()", self.text(less)),
            5 => format!(
                "({} ? {} : {})",
                self.bool(less),
                self.text(less),
                self.text(less)
            ),
            6 => format!("{}.join({})", self.texts(less), self.text(less)),
            7 => format!("{}.orValue({})", self.optional("text"), self.text(less)),
            8 => format!(
                "{{\"a\": {}, \"1430\": {}}}[{}]",
                self.text(less),
                self.text(less),
                self.text(less)
            ),
            9 => format!("{}[{}]", self.texts(less), self.int(less)),
            10 => format!(
                "\"%s-%s\".format([{}, {}])",
                self.text(less),
                self.int(less)
            ),
            11 => format!("string({})", self.int(less)),
            12 => format!("{}.substring(0, {})", self.text(less), self.int(less)),
            13 => format!("cel.bind(y, {}, y + y)", self.text(less)),
            14 => format!("coalesce({}, {})", self.optional("text"), self.text(less)),
            15 => format!("{}.title_case()", self.text(less)),
            16 => format!("{}.pad_left({}, \"0\")", self.text(less), self.int(less)),
            _ => format!("{}.lower()", self.text(less)),
        }
    }

    fn texts(&mut self, depth: usize) -> String {
        let Some(less) = depth.checked_sub(1) else {
            return match self.dice.below(2) {
                0 => format!("[{}, {}]", self.text(0), self.text(0)),
                _ => self.path("list of text"),
            };
        };
        match self.dice.below(8) {
            0 => format!("{}.split({})", self.text(less), self.text(less)),
            1 => format!("{}.map(x, x + {})", self.texts(less), self.text(less)),
            2 => format!("{}.filter(x, x != {})", self.texts(less), self.text(less)),
            3 => format!("{}.sort()", self.texts(less)),
            4 => format!("{}.distinct()", self.texts(less)),
            5 => format!("({} + {})", self.texts(less), self.texts(less)),
            6 => format!("{}.words()", self.text(less)),
            _ => format!("[{}, {}]", self.text(less), self.text(less)),
        }
    }
}
