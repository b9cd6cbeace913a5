//! In which order a server writes the properties of its objects.

use super::Shape;

/// Names that the shape does not know are remembered up to this many; an object with more of
/// them may have arbitrary ones.
const MOST_UNKNOWN: usize = 64;

/// The start of an object, before its first property.
pub(super) const START: usize = 0;

/// What came after each property in the objects that were read before: servers keep their order
/// from object to object, so that in a list nearly every property is found at the first try.
///
/// A place is [`START`], or one more than the number of a property. Properties of the shape have
/// their index as number, those that it does not know the numbers after that.
#[derive(Debug, Default)]
pub(super) struct Orders {
    shapes: Vec<Order>,
}

#[derive(Debug)]
struct Order {
    shape: &'static Shape,
    unknown: Vec<Box<str>>,
    /// By place: the number of the property that came next.
    next: Vec<usize>,
}

/// The order of one shape.
#[derive(Clone, Copy)]
pub(super) struct OrderId(usize);

impl Orders {
    pub(super) fn of(&mut self, shape: &'static Shape) -> OrderId {
        let known = |order: &Order| std::ptr::eq(order.shape, shape);
        OrderId(self.shapes.iter().position(known).unwrap_or_else(|| {
            self.shapes.push(Order {
                shape,
                unknown: Vec::new(),
                // Until one was read, the order of names is as good a guess as any.
                next: (0..=shape.properties.len()).collect(),
            });
            self.shapes.len() - 1
        }))
    }

    /// The property to be expected after `place`.
    pub(super) fn expected(&self, OrderId(order): OrderId, place: usize) -> Expected<'_> {
        let order = &self.shapes[order];
        Expected {
            shape: order.shape,
            number: order.next[place],
            name: order.name(order.next[place]),
        }
    }

    /// Notes that the property of that index came after `place`; gives the place after it.
    pub(super) fn follow(&mut self, OrderId(order): OrderId, place: usize, index: usize) -> usize {
        self.shapes[order].next[place] = index;
        index + 1
    }

    /// As [`follow`](Self::follow), for a property that the shape does not know.
    pub(super) fn follow_unknown(
        &mut self,
        OrderId(order): OrderId,
        place: usize,
        name: &str,
    ) -> usize {
        let order = &mut self.shapes[order];
        let expected = order.next[place];
        let number = if order.name(expected) == Some(name) {
            expected
        } else {
            match order.number_of_unknown(name) {
                Some(number) => number,
                None => return place,
            }
        };
        order.next[place] = number;
        number + 1
    }
}

impl Order {
    fn name(&self, number: usize) -> Option<&str> {
        let known = self.shape.properties.len();
        match number.checked_sub(known) {
            None => Some(self.shape.properties[number].name),
            Some(unknown) => self.unknown.get(unknown).map(AsRef::as_ref),
        }
    }

    /// The number of an unknown property, which is new unless there are too many.
    fn number_of_unknown(&mut self, name: &str) -> Option<usize> {
        let known = self.shape.properties.len();
        if let Some(unknown) = self.unknown.iter().position(|other| &**other == name) {
            return Some(known + unknown);
        }
        if self.unknown.len() == MOST_UNKNOWN {
            return None;
        }
        self.unknown.push(name.into());
        let number = known + self.unknown.len() - 1;
        // What comes after it is not known yet: any other number than its own will do.
        self.next.push(number + 1);
        Some(number)
    }
}

/// The property that probably comes next.
pub(super) struct Expected<'a> {
    pub(super) shape: &'static Shape,
    pub(super) number: usize,
    name: Option<&'a str>,
}

impl Expected<'_> {
    /// Length of its name with quotes and colon, if `text` starts with just that.
    #[inline]
    pub(super) fn length_in(&self, text: &[u8]) -> Option<usize> {
        let name = self.name?.as_bytes();
        let (start, rest) = text.split_at_checked(name.len() + 1)?;
        let fits = rest.starts_with(b"\":") && start[0] == b'"' && same(&start[1..], name);
        fits.then_some(name.len() + 3)
    }
}

/// Whether two texts of one length are the same. Most are short: a call to compare them would
/// cost more than the comparison. What is left of the last eight bytes is compared with some of
/// those before it once more, and not byte by byte.
#[inline]
fn same(left: &[u8], right: &[u8]) -> bool {
    if left.len() < 8 {
        return if left.len() < 4 {
            left.iter().eq(right)
        } else {
            left.first_chunk::<4>() == right.first_chunk()
                && left.last_chunk::<4>() == right.last_chunk()
        };
    }
    let (lefts, _) = left.as_chunks::<8>();
    let (rights, _) = right.as_chunks::<8>();
    lefts.iter().zip(rights).all(|(left, right)| left == right)
        && left.last_chunk::<8>() == right.last_chunk()
}
