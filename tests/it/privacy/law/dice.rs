//! A small generator of numbers, so that a case can be seen again by its number.

/// The numbers of one case.
#[derive(Clone)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn of_case(case: u64) -> Self {
        let mut dice = Self(case.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d);
        dice.roll(2);
        dice
    }

    /// One of the numbers below.
    pub(super) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    /// Whether something happens that does so many times in a hundred.
    pub(super) fn happens(&mut self, percent: usize) -> bool {
        self.roll(100) < percent
    }

    pub(super) fn one_of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.roll(list.len())]
    }
}
